"""What a translation is caught at, without a model."""

import re
from typing import Any

import pytest

from live_translator.mt.checks import faults
from live_translator.mt.memory import Remembered

SPANISH = re.compile(r"Vive|Creo|hermana de|Vi a|Querés")
"""Of the sources here, those in Spanish."""


def found(source: str, target: str, **known: Any) -> tuple[str, ...]:
    codes = ("es", "en") if SPANISH.search(source) else ("en", "es")
    return faults(source, target, *codes, **known)


TOM = Remembered("Tom asked me what I had bought.", "Tom me preguntó qué había comprado.", 0.9)


@pytest.mark.parametrize(
    ("source", "target", "hint"),
    [
        ("I see.", "Ya veo.", ""),
        ("It costs 1,250.50 dollars.", "Cuesta 1.250,50 dólares.", ""),
        ("In the 1930s, 3 of 4 left.", "En la década de 1930, 3 de cada 4 se fueron.", ""),
        ("No, no, no.", "No, no, no.", ""),
        ("Very, very, very good.", "Muy, muy, muy bueno.", ""),
        ("Go.", "Vete de aquí ahora mismo.", ""),
        ("He went to London.", "Fue a Londres.", "Fue a Londres."),
        ("On Monday I saw Anna.", "El lunes vi a Anna.", "El lunes vi a Anna."),
        ("Vive en Alemania.", "He lives in Germany.", "He lives in Germany."),
        ("Hello. Tom is here.", "Hola. Tom está aquí.", "Hola. Tom está aquí."),
        ('He said: "Come in."', 'Dijo: "Pasa."', 'Dijo: "Entrado."'),
        ("It is not known.", "No se sabe.", "No es sabido."),
        ("Creo que volveré.", "I think I'll be back.", "I think that I will go back."),
        ("La hermana de Tom.", "It is Tom's sister.", "The sister of Tom."),
        ("Chocolate is good.", "El chocolate es bueno.", "Chocolate es bueno."),
        ("", "", ""),
    ],
)
def test_a_sound_translation_has_no_fault(source: str, target: str, hint: str) -> None:
    assert found(source, target, hint=hint) == ()


@pytest.mark.parametrize(
    ("source", "target", "hint", "fault"),
    [
        ("We have 3 cats.", "Tenemos gatos.", "", "'3' is lost"),
        ("We have cats.", "Tenemos 3 gatos.", "", "'3' is added"),
        ("I do not know.", "Lo sé.", "", "negation"),
        ("Are you here?", "Estás aquí.", "", "question"),
        ("The score was close.", "El resultado\ufffd fue ajustado.", "", "broken characters"),
        ("We go there.", "Vamos allí. Adiós.", "", "sentences"),
        ("Hello.", "", "", "length"),
        ("", "Hola.", "", "length"),
        ("The house is big and old and it stands on a hill.", "La casa.", "", "length"),
        ("Come in.", "Entra en la casa y dile que se puede quedar todo el día.", "", "length"),
        ("It is raining today.", "Llueve llueve llueve hoy.", "", "loop"),
        ("We go there often, I think.", "Vamos allí vamos allí vamos allí.", "", "loop"),
        ("My friend came.", "Mi amigo Toyota vino.", "Mi amigo vino.", "names"),
        ("My friend came.", "Mi amigo Tom vino.", "", "given names"),
        ("Today Anna came.", "Hoy vino.", "", "given names"),
        ("I flew to Halifax.", "Volé a casa.", "Volé a Halifax.", "names"),
        ("I flew to Halifax.", "Volé a Halifan.", "Volé a Halifax.", "names"),
        ("I flew to Halifax.", "Volé a halifax.", "Volé a Halifax.", "names"),
        ("La hermana de Tom.", "It is Tim\u2019s sister.", "The sister of Tom.", "names"),
        ("Toyota sold cars.", "Parayota vendió autos.", "Toyota vendió coches.", "names"),
        ("hmm hmm hmm", "es un hombre", "hmm hmm hmm", "unknown words"),
    ],
)
def test_what_is_wrong_is_named(source: str, target: str, hint: str, fault: str) -> None:
    assert found(source, target, hint=hint) == (fault,)


@pytest.mark.parametrize(
    ("source", "target", "hint", "expected"),
    [
        ("He asked me what I had bought.", "Me preguntó qué había comprado.", "", ()),
        ("He asked me what I had bought.", "Tom me preguntó qué compré.", "", ("another's name",)),
        ("Ann asked me that.", "Ann me preguntó eso.", "Ann me preguntó aquello.", ()),
        ("Ann asked.", "Tom preguntó.", "Ann preguntó.", ("names", "another's name")),
        ("Tom asked me.", "Tom me preguntó.", "Tom me preguntó.", ()),
        ("Thomas asked me.", "Tom me preguntó.", "Tom me preguntó.", ()),
    ],
)
def test_no_name_is_taken_from_a_sentence_that_is_like_it(
    source: str, target: str, hint: str, expected: tuple[str, ...]
) -> None:
    assert found(source, target, hint=hint, near=TOM) == expected


@pytest.mark.parametrize(
    ("source", "target", "hint", "expected"),
    [
        ("I saw Tokyo.", "Vi Tokio.", "Vi Tokyo.", ()),
        ("I saw Kyoto.", "Vi Tokio.", "Vi Kyoto.", ("names",)),
        ("Vi a María.", "I saw Mary.", "I saw María.", ()),
        ("Vi a María.", "I saw Tokio.", "I saw María.", ("given names", "names")),
        ("¿Querés pan?", "Do you want bread?", "Querés bread?", ()),
        ("¿Querés pan?", "Is there bread?", "Querés bread?", ("names",)),
    ],
)
def test_what_people_say_for_a_word_is_no_fault(
    source: str, target: str, hint: str, expected: tuple[str, ...]
) -> None:
    told = {("tokyo", "tokio"), ("maría", "mary"), ("querés", "want")}
    assert found(source, target, hint=hint, says=lambda *words: words in told) == expected


STAMPS = Remembered("Do you sell stamps?", "¿Venden estampillas?", 0.75)


@pytest.mark.parametrize(
    ("source", "target", "hint", "expected"),
    [
        ("Do you sell sunscreen?", "¿Venden estampillas?", "", ("another's words",)),
        ("Do you sell sunscreen?", "¿Venden protector solar?", "", ()),
        ("Do they sell stamps?", "¿Venden estampillas?", "", ()),
        ("Do you sell seals?", "¿Venden estampillas?", "Vendes estampillas?", ()),
        ("Do you sell postage?", "¿Venden estampillas?", "", ()),  # So people say.
    ],
)
def test_no_word_is_taken_that_people_say_for_another_s_word(
    source: str, target: str, hint: str, expected: tuple[str, ...]
) -> None:
    told = {("stamps", "estampillas"), ("postage", "estampillas")}
    assert (
        found(source, target, hint=hint, near=STAMPS, says=lambda *words: words in told) == expected
    )


@pytest.mark.parametrize("target", ["El Kwik-E-Mart abre.", "Abre Kwik E Mart."])
def test_a_name_with_hyphens_is_known_in_its_parts(target: str) -> None:
    hint = "El Kwik E Mart abre."
    assert found("The Kwik-E-Mart opens.", target, hint=hint) == ()
    assert found("The Kwik-E-Mart opens.", "La tienda abre.", hint=hint) == ("names",)

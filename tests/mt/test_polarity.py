"""Whether a translation denies what its source denies, and asks what it asks."""

import pytest

from live_translator.mt.polarity import is_kept, is_question_kept


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("I want to go.", "Quiero ir."),
        ("I don't want to go.", "No quiero ir."),
        ("I ain't hungry.", "No tengo hambre."),
        ("Nobody came.", "No vino nadie."),
        ("I never drink coffee.", "Nunca bebo café."),
        ("I didn't see anybody.", "No vi a nadie."),
        ("I can hardly see.", "Apenas puedo ver."),
        ("I can hardly see.", "Casi no puedo ver."),
        ("He left without a word.", "Se fue sin decir nada."),
        ("She is unhappy.", "No es feliz."),
        ("He didn't come, and neither did she.", "Él no vino y ella tampoco."),
        ("You're tired, right?", "Estás cansado, ¿no?"),
        ("It's cold, isn't it?", "Hace frío, ¿verdad?"),
        ("You like it, don't you?", "Te gusta, ¿o no?"),
        ("Why not?", "¿Cómo no?"),
        ("Why don't we eat?", "¿Comemos?"),
        ("I'll wait until you arrive.", "Esperaré hasta que no llegues."),
        ("It won't be ready until Monday.", "Estará listo el lunes."),
        ("No sooner had he arrived than it rained.", "Apenas llegó, llovió."),
        ("No problem.", "Claro."),
        ("Never mind.", "Da igual."),
        ("No, I'm tired.", "No, estoy cansado."),
        ("No, I don't.", "No."),
        ("I don't know nothing.", "No sé nada."),
        ("I am better than ever.", "Estoy mejor que nunca."),
        ("However, it works.", "No obstante, funciona."),
        ("He lives at no. 11.", "Vive en el número 11."),
        ("", ""),
    ],
)
def test_what_both_languages_may_say_their_own_way_is_kept(english: str, spanish: str) -> None:
    assert is_kept(english, spanish, "en", "es")
    assert is_kept(spanish, english, "es", "en")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("I don't want to go.", "Quiero ir."),
        ("I want to go.", "No quiero ir."),
        ("She isn't my sister.", "Es mi hermana."),
        ("It cannot be repaired.", "Se puede reparar."),
        ("Nobody knows it.", "Todos lo saben."),
        ("He always helps us.", "Nunca nos ayuda."),
        ("I never drink coffee.", "Siempre bebo café."),
        ("You ain't right.", "Tienes razón."),
        ("I didn\u2019t say that.", "Dije eso."),
        ("He didn't come, did he?", "Vino, ¿no?"),
        ("Yes, I know him.", "No lo conozco."),
        ("No, I don't like it.", "No, me gusta."),
        ("Don't open the door.", "Abre la puerta."),
        ("Why didn't you call?", "¿Por qué llamaste?"),
        ("She doesn't work here, but I do.", "Ella trabaja aquí y yo también."),
    ],
)
def test_a_denial_lost_or_made_up_is_noticed(english: str, spanish: str) -> None:
    assert not is_kept(english, spanish, "en", "es")
    assert not is_kept(spanish, english, "es", "en")


def test_other_languages_are_kept() -> None:
    assert is_kept("I don't want to go.", "Je veux aller.", "en", "fr")


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("Are you tired?", "¿Estás cansado?", True),
        ("You are tired.", "Estás cansado.", True),
        ("Are you tired?", "Estás cansado.", False),
        ("You are tired.", "¿Estás cansado?", False),
        ("¿Estás cansado?", "Are you tired?", True),
        ("¿Estás cansado?", "You are tired.", False),
        ("Are you tired?", "¿Estás cansado", False),
        ("Really? Are you tired?", "¿De verdad? ¿Estás cansado", False),
        ("", "", True),
    ],
)
def test_a_question_stays_one(source: str, target: str, kept: bool) -> None:
    assert is_question_kept(source, target) == kept

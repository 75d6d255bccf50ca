"""Whether a translation keeps who is a she, a he or an I: by rule, on made-up sentences."""

import time

import pytest

from live_translator.mt.agreement import disagreements, gender_of, mended


@pytest.mark.parametrize(
    ("source", "said", "right"),
    [
        (
            "My sister is a doctor and her husband is a nurse.",
            "Mi hermana es un médico y su marido es una enfermera.",
            "Mi hermana es una médica y su marido es un enfermero.",
        ),
        (
            "She's much taller than her brother.",
            "Es mucho más alto que su hermano.",
            "Es mucho más alta que su hermano.",
        ),
        ("Mary is tired.", "María está cansado.", "María está cansada."),
        (
            "My mother was born in 1950.",
            "Mi madre fue nacido en 1950.",
            "Mi madre fue nacida en 1950.",
        ),
        ("The woman is very angry.", "La mujer está muy enojado.", "La mujer está muy enojada."),
        (
            "His wife is a good lawyer.",
            "Su esposa es un buen abogado.",
            "Su esposa es una buena abogada.",
        ),
        ("He is a good nurse.", "Es una buena enfermera.", "Es un buen enfermero."),
        ("Those girls are tall.", "Esas chicas son altos.", "Esas chicas son altas."),
        ("Isn't she married?", "¿No está casado?", "¿No está casada?"),
        (
            "Is your sister a teacher?",
            "¿Tu hermana es un profesor?",
            "¿Tu hermana es una profesora?",
        ),
        ("My aunt is a dentist.", "Mi tía es un dentista.", "Mi tía es una dentista."),
        (
            "Tom is tired and Ana is tired.",
            "Tom está cansado y Ana está cansado.",
            "Tom está cansado y Ana está cansada.",
        ),
        (
            "My mother and my sister are tired.",
            "Mi madre y mi hermana están cansados.",
            "Mi madre y mi hermana están cansadas.",
        ),
        (
            "My cousin Laura wants to be an engineer.",
            "Mi prima Laura quiere ser ingeniero.",
            "Mi prima Laura quiere ser ingeniera.",
        ),
        (
            "I have a daughter who is a journalist and very busy.",
            "Tengo una hija que es periodista y está muy ocupado.",
            "Tengo una hija que es periodista y está muy ocupada.",
        ),
        (
            "Mrs. Brown has been very ill.",
            "La señora Brown ha estado muy enfermo.",
            "La señora Brown ha estado muy enferma.",
        ),
        (
            "She is the youngest and the prettiest.",
            "Es la más joven y el más bonito.",
            "Es la más joven y la más bonita.",
        ),
        ("She isn't Spanish, she's Mexican.", "No es español, es mexicano.",
         "No es española, es mexicana."),
        ("A very angry woman called.", "Llamó una mujer muy enojado.",
         "Llamó una mujer muy enojada."),
        ("My aunt lives alone.", "Mi tía vive solo.", "Mi tía vive sola."),
        ("Ana is my best friend.", "Ana es mi mejor amigo.", "Ana es mi mejor amiga."),
        ("My sister is an awful cook.", "Mi hermana es un cocinero pésimo.",
         "Mi hermana es una cocinera pésima."),
        ("Mrs. Reed was elected president.", "La señora Reed fue elegido presidente.",
         "La señora Reed fue elegida presidenta."),
        ("Our coach, Mrs. Reed, is very strict.",
         "Nuestra entrenadora, la señora Reed, es estricto.",
         "Nuestra entrenadora, la señora Reed, es estricta."),
        ("He isn't a nurse or a painter.", "No es enfermera ni pintora.",
         "No es enfermero ni pintor."),
        ("Are Ana and Laura ready?", "¿Ana y Laura están listos?", "¿Ana y Laura están listas?"),
        ("My mother doesn't seem worried.", "Mi madre no parece preocupado.",
         "Mi madre no parece preocupada."),
        ("She is tired.", "Él está cansada.", "Ella está cansada."),
        ("I went there with her.", "Fui allí con él.", "Fui allí con ella."),
    ],
)  # fmt: skip
def test_what_spanish_says_of_a_person_takes_the_gender_of_the_english(
    source: str, said: str, right: str
) -> None:
    assert disagreements(source, said, "en", "es")
    assert mended(source, said, "en", "es") == right
    assert disagreements(source, right, "en", "es") == ()


@pytest.mark.parametrize(
    ("source", "said", "right"),
    [
        (
            "Mi hermana está cansada porque trabajó toda la noche.",
            "My sister is tired because he worked all night.",
            "My sister is tired because she worked all night.",
        ),
        (
            "Mi hermano está cansado porque trabajó con sus amigos.",
            "My brother is tired because she worked with her friends.",
            "My brother is tired because he worked with his friends.",
        ),
        (
            "Mi tío dice que está enfermo y que la casa es suya.",
            "My uncle says she's ill and the house is hers.",
            "My uncle says he's ill and the house is his.",
        ),
        (
            "Mi abuela se cayó y se rompió la pierna.",
            "My grandmother fell and broke his leg.",
            "My grandmother fell and broke her leg.",
        ),
        (
            "La doctora dijo que vendría.",
            "The doctor said he would come.",
            "The doctor said she would come.",
        ),
        (
            "Pedro se cortó con el cuchillo.",
            "Pedro cut herself with the knife.",
            "Pedro cut himself with the knife.",
        ),
        (
            "La señora García vino porque le gusta el mar.",
            "Mrs. García came because he likes the sea.",
            "Mrs. García came because she likes the sea.",
        ),
        ("Mi madre llegó tarde porque perdió el autobús.",
         "My mother was late because it missed the bus.",
         "My mother was late because she missed the bus."),
        ("Hablé con él porque estaba triste.", "I talked to her because she was sad.",
         "I talked to him because he was sad."),
        ("Te presento a mi prima. Es bióloga.", "This is my cousin. He is a biologist.",
         "This is my cousin. She is a biologist."),
        ("Ana lo hizo ella misma.", "Ana did it himself.", "Ana did it herself."),
        ("A mi hermana le encanta su trabajo.", "My sister loves his job.",
         "My sister loves her job."),
        ("¿Está casada?", "Is he married?", "Is she married?"),
        ("Es abogada.", "He is a lawyer.", "She is a lawyer."),
        ("Ella no sabe qué hacer.", "He doesn't know what to do.",
         "She doesn't know what to do."),
    ],
)  # fmt: skip
def test_english_pronouns_take_the_gender_of_the_spanish(
    source: str, said: str, right: str
) -> None:
    assert disagreements(source, said, "es", "en")
    assert mended(source, said, "es", "en") == right
    assert disagreements(source, right, "es", "en") == ()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The brother of my sister is tired.", "El hermano de mi hermana está cansado."),
        ("My sister's husband is a cook.", "El marido de mi hermana es cocinero."),
        ("She is a tired man's nurse.", "Es la enfermera de un hombre cansado."),
        ("The doctor is tired.", "La doctora está cansada."),
        ("He is a dangerous person.", "Es una persona muy peligrosa."),
        ("She was tired of the old house.", "Estaba cansada de lo viejo."),
        ("My mother is a judge.", "Mi madre es juez."),
        ("She has arrested him.", "Lo ha detenido."),
        ("She is happy.", "Es feliz."),
        ("Tom and Mary are alone.", "Tom y Mary están a solas."),
        ("Tom and Mary are happy.", "Tom y Mary están contentos."),
        ("She and her brother are tired.", "Ella y su hermano están cansados."),
        ("She is a history teacher and he is tired.", "Ella es profesora y él está cansado."),
        ("She is a Spanish teacher.", "Es profesora de español."),
        ("My girlfriend only works.", "Mi novia solo trabaja."),
        ("My friend said he was late.", "Mi amigo dijo que él llegó tarde."),
        ("Paris is beautiful.", "París es hermoso."),
        ("", ""),
    ],
)
def test_a_right_or_open_spanish_gender_is_left_alone(source: str, target: str) -> None:
    assert disagreements(source, target, "en", "es") == ()
    assert mended(source, target, "en", "es") == target


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Su padre llegó tarde.", "Her father was late."),
        ("Mi madre no la conoce y no lo ve.", "My mother does not know him."),
        ("María llamó a su padre.", "María called his father."),
        ("Me presentó a su hermana.", "He introduced his sister to me."),
        ("¿Tiene novia?", "Does he have a girlfriend?"),
        ("No te preocupes, mamá. Está bien.", "Don't worry, Mom. He is fine."),
        ("Es más joven que Ana.", "He is younger than Ana."),
        ("Mi hermana dice que está cansado.", "My sister says he is tired."),
        ("El perro de mi hermana murió.", "My sister's dog died. He was old."),
        ("Mi hermana le dijo que vendría.", "My sister told him that he would come."),
        ("Su casa es vieja.", "His house is old."),
        ("Visité a mi madre con él.", "I visited my mother. It was with him."),
        (
            "Mi hermana dejó la empresa porque ganaba poco.",
            "My sister left it because it paid little.",
        ),
        ("La casa está limpia.", "He is clean."),
    ],
)
def test_an_english_pronoun_that_may_be_of_another_is_left_alone(source: str, target: str) -> None:
    assert mended(source, target, "es", "en") == target


def test_her_is_not_guessed_to_be_his_or_him() -> None:
    source = "Mi hermano ganó porque dio dinero."
    said = "My brother won because she gave her money."
    assert disagreements(source, said, "es", "en") == ("she", "her")
    assert mended(source, said, "es", "en") == said


@pytest.mark.parametrize(
    ("source", "target", "source_code", "target_code", "wrong"),
    [
        ("I am tired.", "Está cansado.", "en", "es", True),
        ("I am tired.", "Estoy cansado.", "en", "es", False),
        ("I have a car.", "Tienes un coche.", "en", "es", True),
        ("I was tired.", "Estaba cansado.", "en", "es", False),
        ("I can't sleep.", "Me es imposible dormir.", "en", "es", False),
        ("We have time.", "Tiene tiempo.", "en", "es", True),
        ("We have time.", "Tenemos tiempo.", "en", "es", False),
        ("You know it.", "Sé eso.", "en", "es", True),
        ("You know it.", "Usted sabe eso.", "en", "es", False),
        ("He wants bread.", "Quiero pan.", "en", "es", True),
        ("He wants bread.", "Quiere pan.", "en", "es", False),
        ("I know that she is here.", "Está aquí, lo sé.", "en", "es", False),
        ("Tengo hambre.", "He is hungry.", "es", "en", True),
        ("Tengo hambre.", "I'm hungry.", "es", "en", False),
        ("Tienes razón.", "She is right.", "es", "en", True),
        ("Tienes razón.", "You are right.", "es", "en", False),
        ("¿Puedes venir?", "Can he come?", "es", "en", False),
        ("Queremos pan.", "They want bread.", "es", "en", True),
        ("Quiere pan.", "I want bread.", "es", "en", True),
        ("Quiere pan.", "You want bread.", "es", "en", False),
    ],
)
def test_a_verb_of_another_person_is_told_and_not_mended(
    source: str, target: str, source_code: str, target_code: str, wrong: bool
) -> None:
    assert bool(disagreements(source, target, source_code, target_code)) == wrong
    assert mended(source, target, source_code, target_code) == target


def test_other_languages_have_no_disagreements() -> None:
    assert disagreements("She is tired.", "Il est fatigué.", "en", "fr") == ()
    assert mended("She is tired.", "Está cansado.", "fr", "es") == "Está cansado."


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Mary", "f"),
        ("María", "f"),
        ("Laura", "f"),
        ("Tom", "m"),
        ("Juan", "m"),
        ("Alex", None),
        ("Andrea", None),
        ("Paris", None),
        ("Guadalupe", None),
        ("table", None),
        ("", None),
    ],
)
def test_a_given_name_has_a_gender_only_if_it_is_always_the_same(
    name: str, gender: str | None
) -> None:
    assert gender_of(name) == gender


def test_a_sentence_takes_less_than_a_millisecond() -> None:
    source = "My sister is a doctor and her husband is a very tired nurse."
    target = "Mi hermana es doctora y su marido es un enfermero muy cansado."
    disagreements(source, target, "en", "es")
    start = time.perf_counter()
    for _ in range(100):
        disagreements(source, target, "en", "es")
    assert time.perf_counter() - start < 0.1

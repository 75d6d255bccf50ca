"""Pairs that teach what a small network guesses: who is a she, who does it, whether at all.

A corpus says too seldom that a sister is a doctor and a brother a nurse. These sentences are
put together from parts, so both languages agree by construction: gender, person, number,
negation, questions and their short answers. All pure.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from types import SimpleNamespace

_TRIES = 50
"""Draws per pair before the parts count as used up: most templates have thousands of pairs."""
_CONTRACTED = 0.6
"""Share of the English in which "is not" is said "isn't": talk has more of it than text."""


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody, or several of one gender."""

    en: str
    es: str
    is_she: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody is, in Spanish of a man and of a woman."""

    en: str
    he: str
    she: str


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb in both languages with what may come behind it."""

    base: str
    third: str
    """English behind he or she; behind everybody in the past."""
    es: tuple[str, str, str, str, str]
    """I, you, he or she, we, they."""
    rest: tuple[tuple[str, str], ...]


_HE_FORMS = {
    "he": "he", "him": "him", "his": "his", "self": "himself", "o": "o", "un": "un", "el": "el",
    "buen": "buen", "ell": "él", "mismo": "mismo", "lo": "lo", "los": "los",
    "this": "este", "these": "estos",
}  # fmt: skip
_SHE_FORMS = {
    "he": "she", "him": "her", "his": "her", "self": "herself", "o": "a", "un": "una", "el": "la",
    "buen": "buena", "ell": "ella", "mismo": "misma", "lo": "la", "los": "las",
    "this": "esta", "these": "estas",
}  # fmt: skip


def _said(text: str) -> tuple[_Said, ...]:
    """Read "tired cansado, doctor doctor/doctora": -o changes to -a, what has no slash stays."""
    found = []
    for entry in text.replace("\n", " ").split(","):
        en, _, es = entry.strip().rpartition(" ")
        he, slash, she = es.partition("/")
        if not slash:
            she = f"{he[:-1]}a" if he.endswith("o") else he
        found.append(_Said(en, he, she))
    return tuple(found)


_TRADES = _said(
    """doctor doctor/doctora, nurse enfermero, teacher profesor/profesora, lawyer abogado,
    engineer ingeniero, architect arquitecto, scientist científico, secretary secretario,
    writer escritor/escritora, journalist periodista, translator traductor/traductora,
    singer cantante, dancer bailarín/bailarina, painter pintor/pintora, artist artista,
    photographer fotógrafo, programmer programador/programadora, cashier cajero,
    accountant contador/contadora, cook cocinero, baker panadero,
    hairdresser peluquero, gardener jardinero, farmer granjero, electrician electricista,
    plumber fontanero, mechanic mecánico, librarian bibliotecario, biologist biólogo,
    psychologist psicólogo, dentist dentista, vet veterinario, pharmacist farmacéutico,
    firefighter bombero, student estudiante, pilot piloto/piloto, soldier soldado/soldado,
    judge juez/jueza, detective detective, researcher investigador/investigadora, surgeon cirujano,
    coach entrenador/entrenadora, driver conductor/conductora"""
)
_MOODS = _said(
    """tired cansado, worried preocupado, nervous nervioso, angry enojado, upset disgustado,
    sad triste, stressed estresado, exhausted agotado, disappointed decepcionado"""
)
"""Those for which there may be any bad reason."""
_STATES = (
    *_MOODS,
    *_said(
        """sick enfermo, busy ocupado, ready listo, bored aburrido, excited emocionado,
        scared asustado, surprised sorprendido, happy contento, alone solo, asleep dormido,
        awake despierto, lost perdido, calm tranquilo, drunk borracho, jealous celoso,
        confused confundido, proud orgulloso, relieved aliviado, married casado,
        divorced divorciado, sure seguro, soaked empapado, dizzy mareado, retired jubilado,
        depressed deprimido, satisfied satisfecho, hidden escondido, injured herido"""
    ),
)
"""What somebody is for a while: Spanish says estar."""
_TRAITS = _said(
    """tall alto, short bajo, thin delgado, shy tímido, serious serio, nice simpático,
    generous generoso, lazy perezoso, honest honesto, famous famoso, rich rico, quiet callado,
    stubborn terco, curious curioso, funny gracioso, strict estricto,
    hardworking trabajador/trabajadora, talkative hablador/habladora, polite educado,
    intelligent inteligente, friendly amable, careful cuidadoso, ambitious ambicioso,
    creative creativo, religious religioso, romantic romántico, modest modesto,
    charming encantador/encantadora, patient paciente, brave valiente, wise sabio"""
)
"""What somebody is by nature: Spanish says ser."""
_NATIONS = _said(
    """Spanish español/española, Mexican mexicano, German alemán/alemana, French francés/francesa,
    English inglés/inglesa, Irish irlandés/irlandesa, Italian italiano,
    Portuguese portugués/portuguesa, Swedish sueco, Russian ruso, Greek griego, Turkish turco,
    Chinese chino, Japanese japonés/japonesa, Colombian colombiano, Chilean chileno,
    Peruvian peruano, Cuban cubano, Brazilian brasileño, Swiss suizo, Polish polaco,
    American estadounidense, Canadian canadiense"""
)
_COMPARATIVES = {
    "tall": "taller", "short": "shorter", "thin": "thinner", "shy": "shyer", "nice": "nicer",
    "lazy": "lazier", "rich": "richer", "quiet": "quieter", "funny": "funnier", "brave": "braver",
    "friendly": "friendlier", "wise": "wiser", "strict": "stricter",
}  # fmt: skip
_KIN = (
    ("mother", "madre"), ("sister", "hermana"), ("daughter", "hija"), ("wife", "esposa"),
    ("grandmother", "abuela"), ("aunt", "tía"), ("niece", "sobrina"), ("girlfriend", "novia"),
    ("mother-in-law", "suegra"), ("granddaughter", "nieta"), ("father", "padre"),
    ("brother", "hermano"), ("son", "hijo"), ("husband", "marido"), ("grandfather", "abuelo"),
    ("uncle", "tío"), ("nephew", "sobrino"), ("boyfriend", "novio"), ("father-in-law", "suegro"),
    ("grandson", "nieto"),
)  # fmt: skip
_WOMEN_OF_KIN = 10
"""How many of them, the first, are women."""
_CHOSEN = frozenset(
    ("wife", "girlfriend", "mother-in-law", "husband", "boyfriend", "father-in-law")
)
"""Those whom nobody shares: there is no "our wife"."""
_NAMES = (
    "Ana Laura Marta Lucía Sara Elena Clara Julia Carmen Sofía Paula Mary Alice Emma Susan Linda",
    "Pedro David Daniel Carlos Miguel Luis Jorge Pablo Tom John Peter James Robert Diego Iván",
)
_OTHERS = (
    ("the woman", "la mujer", True), ("that woman", "esa mujer", True),
    ("the girl", "la chica", True), ("that lady", "esa señora", True),
    ("the old woman", "la anciana", True), ("your niece Eva", "tu sobrina Eva", True),
    ("the man", "el hombre", False), ("that man", "ese hombre", False),
    ("the boy", "el chico", False), ("that gentleman", "ese señor", False),
    ("the old man", "el anciano", False), ("your cousin Leo", "tu primo Leo", False),
)  # fmt: skip
_GROUPS = (
    ("my sisters", "mis hermanas", True), ("my daughters", "mis hijas", True),
    ("the girls", "las chicas", True), ("those women", "esas mujeres", True),
    ("her aunts", "sus tías", True), ("Ana and Laura", "Ana y Laura", True),
    ("my mother and my sister", "mi madre y mi hermana", True),
    ("my brothers", "mis hermanos", False), ("my sons", "mis hijos", False),
    ("the boys", "los chicos", False), ("those men", "esos hombres", False),
    ("his uncles", "sus tíos", False), ("Tom and Mary", "Tom y Mary", False),
    ("my parents", "mis padres", False), ("my brother and my sister", "mi hermano y mi hermana",
     False),
)  # fmt: skip
"""Women, or men and all who are not only women."""
_CAUSES = (
    ("{p.he} worked all night", "trabajó toda la noche"),
    ("{p.he} did not sleep well", "no durmió bien"),
    ("{p.he} missed the train", "perdió el tren"),
    ("{p.he} has an exam tomorrow", "tiene un examen mañana"),
    ("{p.he} lost {p.his} keys", "perdió sus llaves"),
    ("{p.he} cannot find {p.his} phone", "no encuentra su teléfono"),
    ("{p.he} has too much work", "tiene demasiado trabajo"),
    ("{p.he} had a long day", "tuvo un día largo"),
    ("{p.he} did not pass the exam", "no aprobó el examen"),
    ("{p.he} broke {p.his} glasses", "rompió sus gafas"),
    ("{p.he} cannot go on holiday", "no puede ir de vacaciones"),
    ("{p.he} has not heard from {p.his} friends", "no sabe nada de sus amigos"),
    ("{p.his} car does not start", "su coche no arranca"),
    ("{p.his} flight was canceled", "cancelaron su vuelo"),
    ("nobody called {p.him}", "nadie {p.lo} llamó"),
)
_DOINGS = (
    ("left early", "se fue temprano"), ("stayed at home", "se quedó en casa"),
    ("did not come to the party", "no vino a la fiesta"), ("went to bed", "se acostó"),
    ("called the doctor", "llamó al médico"), ("did not eat anything", "no comió nada"),
    ("took a taxi", "tomó un taxi"), ("arrived late", "llegó tarde"),
    ("did not answer", "no contestó"), ("went home", "se fue a casa"),
)  # fmt: skip
_WHEN = (
    ("today", "hoy"), ("now", "ahora"), ("this morning", "esta mañana"), ("tonight", "esta noche"),
)  # fmt: skip
_THINGS = (
    ("phone", "teléfono"), ("bag", "bolso"), ("passport", "pasaporte"), ("wallet", "cartera"),
    ("book", "libro"), ("umbrella", "paraguas"), ("ticket", "billete"), ("watch", "reloj"),
    ("coat", "abrigo"), ("car", "coche"),
)  # fmt: skip

_ONE = """
{p.en} is {tp.a}.|{p.es} es {tp.es}.
{p.en} is a good {tp.en}.|{p.es} es {p.un} {p.buen} {tp.es}.
{p.en} is a very good {tp.en}.|{p.es} es {p.un} {tp.es} muy buen{p.o}.
{p.en} is the best {tp.en} I know.|{p.es} es {p.el} mejor {tp.es} que conozco.
{p.en} wants to be {tp.a}.|{p.es} quiere ser {tp.es}.
{p.en} does not want to be {tp.a}.|{p.es} no quiere ser {tp.es}.
{p.en} works as {tp.a}.|{p.es} trabaja como {tp.es}.
{p.en} used to be {tp.a}.|{p.es} antes era {tp.es}.
{p.en} is not {tp.a}.|{p.es} no es {tp.es}.
{p.en} is not {tp.a}, {p.he} is {up.a}.|{p.es} no es {tp.es}, es {up.es}.
{p.en} is going to be a great {tp.en}.|{p.es} va a ser {p.un} gran {tp.es}.
{p.en} has never been {tp.a}.|{p.es} nunca ha sido {tp.es}.
I think {p.en} is {tp.a}.|Creo que {p.es} es {tp.es}.
I do not think {p.en} is {tp.a}.|No creo que {p.es} sea {tp.es}.
I did not know that {p.en} was {tp.a}.|No sabía que {p.es} era {tp.es}.
Is {p.en} {tp.a}?|¿{p.es} es {tp.es}?
Is {p.en} {tp.a}? Yes, {p.he} is.|¿{p.es} es {tp.es}? Sí, lo es.
Is {p.en} {tp.a}? No, {p.he} is not.|¿{p.es} es {tp.es}? No, no lo es.
Is {p.en} {tp.a}? No, {p.he} is {up.a}.|¿{p.es} es {tp.es}? No, es {up.es}.
Is {p.en} {tp.a} or {up.a}?|¿{p.es} es {tp.es} o {up.es}?
{p.en} lives in Madrid. {p.he} is {tp.a}.|{p.es} vive en Madrid. Es {tp.es}.
{p.en}, who is {tp.a}, lives near here.|{p.es}, que es {tp.es}, vive cerca de aquí.
When {p.en} was young, {p.he} was {tp.a}.|Cuando {p.es} era joven, era {tp.es}.
{p.en} is {np.en}.|{p.es} es {np.es}.
{p.en} is not {np.en}.|{p.es} no es {np.es}.
{p.en} is not {np.en}, {p.he} is {mp.en}.|{p.es} no es {np.es}, es {mp.es}.
Is {p.en} {np.en}?|¿{p.es} es {np.es}?
Is {p.en} {np.en}? Yes, {p.he} is.|¿{p.es} es {np.es}? Sí, lo es.
Is {p.en} {np.en}? No, {p.he} is {mp.en}.|¿{p.es} es {np.es}? No, es {mp.es}.
{p.en} is {bp.en}.|{p.es} es {bp.es}.
{p.en} is very {bp.en}.|{p.es} es muy {bp.es}.
{p.en} is not very {bp.en}.|{p.es} no es muy {bp.es}.
{p.en} is not {bp.en} at all.|{p.es} no es nada {bp.es}.
{p.en} is too {bp.en}.|{p.es} es demasiado {bp.es}.
{p.en} is {bp.en} and {cp.en}.|{p.es} es {bp.es} y {cp.es}.
{p.en} is {bp.en} but not {cp.en}.|{p.es} es {bp.es}, pero no {cp.es}.
{p.en} was always {bp.en}.|{p.es} siempre fue {bp.es}.
{p.en} has never been {bp.en}.|{p.es} nunca ha sido {bp.es}.
Is {p.en} {bp.en}?|¿{p.es} es {bp.es}?
Is {p.en} always so {bp.en}?|¿{p.es} es siempre tan {bp.es}?
Is {p.en} {bp.en}? Yes, {p.he} is very {bp.en}.|¿{p.es} es {bp.es}? Sí, es muy {bp.es}.
Is {p.en} {bp.en}? No, {p.he} is not {bp.en}.|¿{p.es} es {bp.es}? No, no es {bp.es}.
Why is {p.en} so {bp.en}?|¿Por qué es tan {bp.es} {p.es}?
Everybody says that {p.en} is {bp.en}.|Todos dicen que {p.es} es {bp.es}.
{p.en} is {bp.er} than I thought.|{p.es} es más {bp.es} de lo que pensaba.
{p.en} is the {bp.est} of all.|{p.es} es {p.el} más {bp.es} de todos.
{p.en} is {ap.en}.|{p.es} está {ap.es}.
{p.en} is {ap.en} {w.en}.|{p.es} está {ap.es} {w.es}.
{p.en} is not {ap.en}.|{p.es} no está {ap.es}.
{p.en} is not {ap.en}, {p.he} is {dp.en}.|{p.es} no está {ap.es}, está {dp.es}.
{p.en} was {ap.en} yesterday.|{p.es} estaba {ap.es} ayer.
{p.en} was not {ap.en} yesterday.|{p.es} no estaba {ap.es} ayer.
{p.en} is still {ap.en}.|{p.es} todavía está {ap.es}.
{p.en} is no longer {ap.en}.|{p.es} ya no está {ap.es}.
{p.en} is never {ap.en}.|{p.es} nunca está {ap.es}.
{p.en} is very {op.en}.|{p.es} está muy {op.es}.
{p.en} seems {op.en}.|{p.es} parece {op.es}.
{p.en} does not seem {op.en}.|{p.es} no parece {op.es}.
{p.en} must be {ap.en}.|{p.es} debe de estar {ap.es}.
Is {p.en} {ap.en}?|¿{p.es} está {ap.es}?
Is {p.en} {ap.en}? Yes, {p.he} is.|¿{p.es} está {ap.es}? Sí, está {ap.es}.
Is {p.en} {ap.en}? No, {p.he} is {dp.en}.|¿{p.es} está {ap.es}? No, está {dp.es}.
Was {p.en} {ap.en}?|¿{p.es} estaba {ap.es}?
Why is {p.en} {ap.en}?|¿Por qué está {ap.es} {p.es}?
Why is {p.en} not {ap.en}?|¿Por qué no está {ap.es} {p.es}?
I know that {p.en} is {ap.en}.|Sé que {p.es} está {ap.es}.
I do not know if {p.en} is {ap.en}.|No sé si {p.es} está {ap.es}.
{p.en} says {p.he} is {ap.en}.|{p.es} dice que está {ap.es}.
{p.en} said that {p.he} was not {ap.en}.|{p.es} dijo que no estaba {ap.es}.
{p.en} is {op.en} because {kp.en}.|{p.es} está {op.es} porque {kp.es}.
{p.en} was {op.en} because {kp.en}.|{p.es} estaba {op.es} porque {kp.es}.
{p.en} is not {op.en} because {p.he} slept well.|{p.es} no está {op.es} porque durmió bien.
{p.en} {x.en} because {p.he} was {op.en}.|{p.es} {x.es} porque estaba {op.es}.
{p.en} was {op.en}, so {p.he} {x.en}.|{p.es} estaba {op.es}, así que {x.es}.
When {p.en} got home, {p.he} was {op.en}.|Cuando {p.es} llegó a casa, estaba {op.es}.
{p.en} lost {p.his} {z.en}.|{p.es} perdió su {z.es}.
{p.en} did not find {p.his} {z.en}.|{p.es} no encontró su {z.es}.
{p.en} says that {p.he} lost {p.his} {z.en}.|{p.es} dice que perdió su {z.es}.
{p.en} hurt {p.self}.|{p.es} se hizo daño.
{p.en} did it {p.self}.|{p.es} lo hizo {p.ell} {p.mismo}.
{p.en} made {p.self} a coffee.|{p.es} se preparó un café.
This is {p.en}. {p.he} is {tp.a}.|Te presento a {p.es}. Es {tp.es}.
Where is {p.en}? {p.he} is at home.|¿Dónde está {p.es}? Está en casa.
Where is {p.en}? I do not know where {p.he} went.|¿Dónde está {p.es}? No sé adónde fue.
{p.he} is {ap.en}.|{p.ell} está {ap.es}.
{p.he} is {ap.en}.|Está {ap.es}.
{p.he} is not {ap.en}.|{p.ell} no está {ap.es}.
Is {p.he} {ap.en}?|¿Está {ap.es}?
Is {p.he} {ap.en}?|¿{p.ell} está {ap.es}?
{p.he} is {tp.a}.|{p.ell} es {tp.es}.
{p.he} is not {tp.a}.|{p.ell} no es {tp.es}.
Is {p.he} {tp.a}?|¿{p.ell} es {tp.es}?
{p.he} is {bp.en}.|{p.ell} es {bp.es}.
{p.he} is {op.en} because {kp.en}.|{p.ell} está {op.es} porque {kp.es}.
I talked to {p.him} because {p.he} was {op.en}.|Hablé con {p.ell} porque estaba {op.es}.
"""
"""Sentences about one person, p; what the second letter of a slot names agrees with it."""

_TWO = """
{p.en} is {tp.a} and {q.en} is {tq.a}.|{p.es} es {tp.es} y {q.es} es {tq.es}.
{p.en} is {tp.a}, but {q.en} is not.|{p.es} es {tp.es}, pero {q.es} no.
{p.en} is {tp.a} and {p.his} {r.en} is {tr.a}.|{p.es} es {tp.es} y su {r.es} es {tr.es}.
{p.en} is not {tp.a}. {p.his} {r.en} is.|{p.es} no es {tp.es}. Su {r.es} sí.
{p.en} is {np.en} and {q.en} is {nq.en}.|{p.es} es {np.es} y {q.es} es {nq.es}.
{p.en} is {bp.en} and {q.en} is {bq.en}.|{p.es} es {bp.es} y {q.es} es {bq.es}.
{p.en} is {bp.en}, but {q.en} is not.|{p.es} es {bp.es}, pero {q.es} no.
{p.en} is {bp.er} than {q.en}.|{p.es} es más {bp.es} que {q.es}.
{p.en} is much {bp.er} than {q.en}.|{p.es} es mucho más {bp.es} que {q.es}.
{p.en} is not {bp.er} than {q.en}.|{p.es} no es más {bp.es} que {q.es}.
{p.en} is {bp.er} than {p.his} {r.en}.|{p.es} es más {bp.es} que su {r.es}.
{p.en} is as {bp.en} as {q.en}.|{p.es} es tan {bp.es} como {q.es}.
{p.en} is not as {bp.en} as {p.his} {r.en}.|{p.es} no es tan {bp.es} como su {r.es}.
Is {p.en} {bp.er} than {q.en}?|¿{p.es} es más {bp.es} que {q.es}?
Is {p.en} {bp.er} than {q.en}? No, {p.he} is not.|¿{p.es} es más {bp.es} que {q.es}? No, no lo es.
{p.en} is {ap.en} and {q.en} is {aq.en}.|{p.es} está {ap.es} y {q.es} está {aq.es}.
{p.en} is {ap.en}, but {q.en} is {aq.en}.|{p.es} está {ap.es}, pero {q.es} está {aq.es}.
{p.en} is not {ap.en}, but {q.en} is.|{p.es} no está {ap.es}, pero {q.es} sí.
{p.en} was {op.en} because {q.en} was {aq.en}.|\
{p.es} estaba {op.es} porque {q.es} estaba {aq.es}.
{p.en} is {op.en} because {p.his} {r.en} is {ar.en}.|\
{p.es} está {op.es} porque su {r.es} está {ar.es}.
{p.en} {x.en} because {q.en} was {aq.en}.|{p.es} {x.es} porque {q.es} estaba {aq.es}.
{p.en} told {q.en} that {p.he} was {ap.en}.|{p.es} le dijo a {q.es} que estaba {ap.es}.
{p.en} thinks that {q.en} is {aq.en}.|{p.es} cree que {q.es} está {aq.es}.
{p.en} does not know that {q.en} is {aq.en}.|{p.es} no sabe que {q.es} está {aq.es}.
Is {p.en} {ap.en}? No, but {q.en} is.|¿{p.es} está {ap.es}? No, pero {q.es} sí.
{p.en} and {p.his} {r.en} live here.|{p.es} y su {r.es} viven aquí.
{p.his} {r.en} is {tr.a}.|Su {r.es} es {tr.es}.
"""
"""Sentences about two people, p and q, or p and the relative r."""

_MANY = """
{g.en} are {ag.en}.|{g.es} están {ag.es}.
{g.en} are very {bg.en}.|{g.es} son muy {bg.es}.
{g.en} are not {ag.en}.|{g.es} no están {ag.es}.
{g.en} are not {bg.en}.|{g.es} no son {bg.es}.
{g.en} were {ag.en} yesterday.|{g.es} estaban {ag.es} ayer.
{g.en} are {tg.en}.|{g.es} son {tg.es}.
{g.en} are not {tg.en}.|{g.es} no son {tg.es}.
{g.en} want to be {tg.en}.|{g.es} quieren ser {tg.es}.
{g.en} are {ng.en}.|{g.es} son {ng.es}.
Are {g.en} {ag.en}?|¿{g.es} están {ag.es}?
Are {g.en} {bg.en}?|¿{g.es} son {bg.es}?
Are {g.en} {bg.en}? Yes, they are.|¿{g.es} son {bg.es}? Sí, lo son.
Are {g.en} {tg.en}? No, they are not.|¿{g.es} son {tg.es}? No, no lo son.
Why are {g.en} {ag.en}?|¿Por qué están {ag.es} {g.es}?
{g.en} say that they are {ag.en}.|{g.es} dicen que están {ag.es}.
{g.en} are {bg.er} than {p.en}.|{g.es} son más {bg.es} que {p.es}.
{p.en} is {tp.a} and {g.en} are {tg.en}.|{p.es} es {tp.es} y {g.es} son {tg.es}.
"""
"""Sentences about more than one."""

_NOW = """
{s.en} {v.en}.|{s.es} {v.es}.
{s.en} {s.do} not {v.base}.|{s.es} no {v.es}.
{s.do} {s.en} {v.base}?|¿{s.es} {v.es}?
{s.do} {s.en} {v.base}? Yes, {s.re} {s.do}.|¿{s.es} {v.es}? Sí.
{s.do} {s.en} {v.base}? No, {s.re} {s.do} not.|¿{s.es} {v.es}? No.
{s.do} {s.en} {v.base}? No, never.|¿{s.es} {v.es}? No, nunca.
why {s.do} {s.en} not {v.base}?|¿Por qué {s.es} no {v.es}?
{s.en} never {v.en}.|{s.es} nunca {v.es}.
{s.en} always {v.en}.|{s.es} siempre {v.es}.
{s.en} no longer {v.en}.|{s.es} ya no {v.es}.
{s.en} {v.en}, but {p.en} does not.|{s.es} {v.es}, pero {p.es} no.
{s.en} {s.do} not {v.base}, but {p.en} does.|{s.es} no {v.es}, pero {p.es} sí.
yes, {s.en} {v.en}.|Sí, {s.es} {v.es}.
no, {s.en} {s.do} not {v.base}.|No, {s.es} no {v.es}.
I think {s.en} {v.en}.|Creo que {s.es} {v.es}.
if {s.en} {v.en}, tell me.|Si {s.es} {v.es}, dímelo.
if {s.en} {s.do} not {v.base}, tell me.|Si {s.es} no {v.es}, dímelo.
"""
"""Who does something, or does not."""

_PAST = """
{s.en} {v.en}.|{s.es} {v.es}.
{s.en} did not {v.base}.|{s.es} no {v.es}.
did {s.en} {v.base}?|¿{s.es} {v.es}?
did {s.en} {v.base}? Yes, {s.re} did.|¿{s.es} {v.es}? Sí.
did {s.en} {v.base}? No, {s.re} did not.|¿{s.es} {v.es}? No.
why did {s.en} not {v.base}?|¿Por qué {s.es} no {v.es}?
{s.en} never {v.en}.|{s.es} nunca {v.es}.
I know that {s.en} {v.en}.|Sé que {s.es} {v.es}.
no, {s.en} did not {v.base}.|No, {s.es} no {v.es}.
yes, {s.en} {v.en}.|Sí, {s.es} {v.es}.
"""
"""Who did something, or did not."""

_CAN = """
{s.en} can {i.en}.|{s.es} {can.es} {i.es}.
{s.en} cannot {i.en}.|{s.es} no {can.es} {i.es}.
can {s.en} {i.en}?|¿{s.es} {can.es} {i.es}?
can {s.en} {i.en}? Yes, {s.re} can.|¿{s.es} {can.es} {i.es}? Sí, {can.re}.
can {s.en} {i.en}? No, {s.re} cannot.|¿{s.es} {can.es} {i.es}? No, no {can.re}.
why can {s.en} not {i.en}?|¿Por qué {s.es} no {can.es} {i.es}?
{s.en} {must.en} {i.en}.|{s.es} {must.es} {i.es}.
{s.en} {s.do} not have to {i.en}.|{s.es} no {must.es} {i.es}.
{s.do} {s.en} have to {i.en}?|¿{s.es} {must.es} {i.es}?
{s.en} {s.be} going to {i.en}.|{s.es} {will.es} {i.es}.
{s.en} {s.be} not going to {i.en}.|{s.es} no {will.es} {i.es}.
{s.be} {s.en} going to {i.en}?|¿{s.es} {will.es} {i.es}?
{s.be} {s.en} going to {i.en}? No, {s.re} {s.rebe} not.|¿{s.es} {will.es} {i.es}? No.
{s.en} {wish.en} {i.en}.|{s.es} {wish.es} {i.es}.
{s.en} {s.do} not want to {i.en}.|{s.es} no {wish.es} {i.es}.
{s.do} {s.en} want to {i.en}?|¿{s.es} {wish.es} {i.es}?
{s.do} {s.en} want to {i.en}? No, {s.re} {s.do} not.|¿{s.es} {wish.es} {i.es}? No, no {wish.re}.
"""
"""Who can, must, will and wants to, or does not."""

_FEEL = """
{s.en} {s.be} {f.en}.|{s.es} {own.es} {f.es}.
{s.en} {s.be} not {f.en}.|{s.es} no {own.es} {f.es}.
{s.en} {s.be} never {f.en}.|{s.es} nunca {own.es} {f.es}.
{s.be} {s.en} {f.en}?|¿{s.es} {own.es} {f.es}?
{s.be} {s.en} {f.en}? Yes, {s.re} {s.rebe}.|¿{s.es} {own.es} {f.es}? Sí.
{s.be} {s.en} {f.en}? No, {s.re} {s.rebe} not.|¿{s.es} {own.es} {f.es}? No, no {own.re} {f.es}.
I think {s.en} {s.be} {f.en}.|Creo que {s.es} {own.es} {f.es}.
yes, {s.en} {s.be} {f.en}.|Sí, {s.es} {own.es} {f.es}.
no, {s.en} {s.be} not {f.en}.|No, {s.es} no {own.es} {f.es}.
"""
"""Who is hungry: in Spanish, who has hunger."""

_ABOUT_THINGS = """
This {e.en} is {je.en}.|{e.this} {e.es} es {je.es}.
This {e.en} is not {je.en}.|{e.this} {e.es} no es {je.es}.
Is this {e.en} {je.en}?|¿{e.this} {e.es} es {je.es}?
These {h.en} are {jh.en}.|{h.these} {h.es} son {jh.es}.
These {h.en} are not {jh.en}.|{h.these} {h.es} no son {jh.es}.
Are these {h.en} {jh.en}?|¿{h.these} {h.es} son {jh.es}?
The {e.en} is {le.en}.|{e.el} {e.es} está {le.es}.
The {e.en} is not {le.en}.|{e.el} {e.es} no está {le.es}.
The {h.en} are {lh.en}.|{h.los} {h.es} están {lh.es}.
Why are the {h.en} {lh.en}?|¿Por qué están {lh.es} {h.los} {h.es}?
I bought {je.a} {e.en}.|Compré {e.un} {e.es} {je.es}.
I have two {jh.en} {h.en}.|Tengo dos {h.es} {jh.es}.
I do not have two {h.en}, I have three.|No tengo dos {h.es}, tengo tres.
I do not like this {e.en}. It is too {je.en}.|No me gusta {e.this} {e.es}. Es demasiado {je.es}.
Where is the {e.en}? I did not find it.|¿Dónde está {e.el} {e.es}? No {e.lo} encontré.
Where are the {h.en}? I lost them.|¿Dónde están {h.los} {h.es}? {h.los} perdí.
"""
"""Things, one and several: Spanish gives them a gender too."""

_SUBJECTS = (
    ("I", "", 0, "do", "am"),
    ("you", "", 1, "do", "are"),
    ("he", "él", 2, "does", "is"),
    ("she", "ella", 2, "does", "is"),
    ("we", "", 3, "do", "are"),
    ("they", "", 4, "do", "are"),
)
"""English, Spanish where the verb does not tell, place in a verb's forms, "do" and "be"."""
_REPLIES = (1, 0)
"""Who answers when asked about I and you: the place in _SUBJECTS; others stay the same."""


def _verbs(text: str) -> tuple[_Verb, ...]:
    """Read "base/third = five forms = rest:resto, rest:resto; base/third = ..."."""
    return tuple(_verb(" ".join(entry.split())) for entry in text.split(";"))


def _verb(entry: str) -> _Verb:
    english, forms, rest = entry.split(" = ")
    base, third = english.split("/")
    one, two, three, four, five = forms.split("/")
    pairs = [pair.partition(":") for pair in rest.split(", ")]
    return _Verb(base, third, (one, two, three, four, five), tuple((en, es) for en, _, es in pairs))


_VERBS = _verbs(
    """
    want/wants = quiero/quieres/quiere/queremos/quieren = a coffee:un café, a new phone:un
        teléfono nuevo, the red one:el rojo, more bread:más pan;
    need/needs = necesito/necesitas/necesita/necesitamos/necesitan = help:ayuda, more time:más
        tiempo, money:dinero, a taxi:un taxi;
    have/has = tengo/tienes/tiene/tenemos/tienen = a car:un coche, two cats:dos gatos, a
        question:una pregunta, an appointment:una cita, time today:tiempo hoy;
    know/knows = sé/sabes/sabe/sabemos/saben = the answer:la respuesta, the truth:la verdad, where
        it is:dónde está;
    live/lives = vivo/vives/vive/vivimos/viven = here:aquí, in Madrid:en Madrid, near the
        station:cerca de la estación;
    work/works = trabajo/trabajas/trabaja/trabajamos/trabajan = here:aquí, in a hospital:en un
        hospital, at night:de noche, on Sundays:los domingos;
    speak/speaks = hablo/hablas/habla/hablamos/hablan = English:inglés, Spanish:español, two
        languages:dos idiomas;
    understand/understands = entiendo/entiendes/entiende/entendemos/entienden = the question:la
        pregunta, the problem:el problema;
    eat/eats = como/comes/come/comemos/comen = meat:carne, at home:en casa, fish:pescado;
    drink/drinks = bebo/bebes/bebe/bebemos/beben = coffee:café, wine:vino, milk:leche;
    play/plays = juego/juegas/juega/jugamos/juegan = tennis:al tenis, football:al fútbol, chess:al
        ajedrez;
    read/reads = leo/lees/lee/leemos/leen = the newspaper:el periódico, that book:ese libro;
    study/studies = estudio/estudias/estudia/estudiamos/estudian = medicine:medicina, at home:en
        casa, French:francés;
    remember/remembers = recuerdo/recuerdas/recuerda/recordamos/recuerdan = that day:ese día, the
        address:la dirección;
    believe/believes = creo/crees/cree/creemos/creen = that story:esa historia
    """
)
_PAST_VERBS = _verbs(
    """
    go/went = fui/fuiste/fue/fuimos/fueron = home:a casa, to the market:al mercado, to school:a la
        escuela, by train:en tren;
    see/saw = vi/viste/vio/vimos/vieron = the film:la película, the house:la casa, the accident:el
        accidente;
    buy/bought = compré/compraste/compró/compramos/compraron = a house:una casa, the tickets:los
        billetes, bread:pan;
    eat/ate = comí/comiste/comió/comimos/comieron = at home:en casa, the cake:el pastel,
        early:temprano;
    sleep/slept = dormí/dormiste/durmió/dormimos/durmieron = well:bien, at the hotel:en el hotel;
    lose/lost = perdí/perdiste/perdió/perdimos/perdieron = the keys:las llaves, the game:el
        partido;
    find/found = encontré/encontraste/encontró/encontramos/encontraron = the keys:las llaves, a
        solution:una solución;
    pay/paid = pagué/pagaste/pagó/pagamos/pagaron = the bill:la cuenta, the rent:el alquiler;
    finish/finished = terminé/terminaste/terminó/terminamos/terminaron = the work:el trabajo, the
        letter:la carta;
    arrive/arrived = llegué/llegaste/llegó/llegamos/llegaron = late:tarde, yesterday:ayer, on
        time:a tiempo;
    open/opened = abrí/abriste/abrió/abrimos/abrieron = the door:la puerta, the window:la ventana;
    say/said = dije/dijiste/dijo/dijimos/dijeron = the truth:la verdad, that:eso
    """
)
_INFINITIVES = (
    ("swim", "nadar"), ("come tomorrow", "venir mañana"), ("drive", "conducir"),
    ("wait here", "esperar aquí"), ("pay now", "pagar ahora"), ("leave the room",
     "salir de la habitación"), ("work on Saturday", "trabajar el sábado"), ("sleep", "dormir"),
    ("cook dinner", "preparar la cena"), ("call the doctor", "llamar al médico"),
    ("sell the house", "vender la casa"), ("buy the tickets", "comprar los billetes"),
    ("read the letter", "leer la carta"), ("open the window", "abrir la ventana"),
    ("speak with the teacher", "hablar con el profesor"), ("travel by train",
     "viajar en tren"), ("go out tonight", "salir esta noche"),
)  # fmt: skip
_HELPERS = {
    "can": _Verb("can", "can", ("puedo", "puedes", "puede", "podemos", "pueden"), ()),
    "must": _Verb(
        "have to", "has to", ("tengo que", "tienes que", "tiene que", "tenemos que", "tienen que"),
        (),
    ),
    "will": _Verb("will", "will", ("voy a", "vas a", "va a", "vamos a", "van a"), ()),
    "own": _Verb("have", "has", ("tengo", "tienes", "tiene", "tenemos", "tienen"), ()),
    "wish": _Verb(
        "want to", "wants to", ("quiero", "quieres", "quiere", "queremos", "quieren"), ()
    ),
}  # fmt: skip


_FEELINGS = (
    ("hungry", "hambre"), ("thirsty", "sed"), ("cold", "frío"), ("hot", "calor"),
    ("sleepy", "sueño"), ("right", "razón"), ("in a hurry", "prisa"), ("lucky", "suerte"),
)  # fmt: skip
_OBJECTS = (
    ("house", "casa", True), ("table", "mesa", True), ("shirt", "camisa", True),
    ("chair", "silla", True), ("suitcase", "maleta", True), ("bicycle", "bicicleta", True),
    ("lamp", "lámpara", True), ("cup", "taza", True), ("car", "coche", False),
    ("book", "libro", False), ("phone", "teléfono", False), ("coat", "abrigo", False),
    ("bag", "bolso", False), ("hat", "sombrero", False), ("computer", "ordenador", False),
    ("plate", "plato", False),
)  # fmt: skip
_LOOKS = _said(
    """new nuevo, old viejo, expensive caro, cheap barato, small pequeño, white blanco, black negro,
    red rojo, yellow amarillo, modern moderno, heavy pesado"""
)
_CONDITIONS = _said("broken roto, clean limpio, dirty sucio, wet mojado, damaged dañado")
_KINDS = {
    "j": _LOOKS,
    "l": _CONDITIONS,
    "t": _TRADES,
    "u": _TRADES,
    "n": _NATIONS,
    "m": _NATIONS,
    "b": _TRAITS,
    "c": _TRAITS,
    "a": _STATES,
    "d": _STATES,
    "o": _MOODS,
}
"""What the first of a slot's two letters stands for; its second is whose it is."""
_SIMPLE = {"f": _FEELINGS, "x": _DOINGS, "w": _WHEN, "z": _THINGS, "i": _INFINITIVES}
_RELATIVES = _KIN[:3] + _KIN[5:6] + _KIN[10:13] + _KIN[15:16]
"""Those of whom everybody may have one: no wife of a wife."""
_SAME_SEX, _SAME_WORD, _NOUN_SUBJECT = 0.3, 0.3, 0.3
"""Shares: of two people of one gender, of one word said of both, of "my sister" for "she"."""


def _table(
    text: str, verbs: tuple[_Verb, ...] = _VERBS
) -> list[tuple[str, str, tuple[_Verb, ...]]]:
    """Return templates, English and Spanish, with the verbs that fit them."""
    lines = [line.split("|") for line in text.strip().splitlines()]
    return [(english, spanish, verbs) for english, spanish in lines]


TEMPLATES = (
    *_table(_ONE),
    *_table(_TWO),
    *_table(_MANY),
    *_table(_NOW),
    *_table(_PAST, _PAST_VERBS),
    *_table(_CAN),
    *_table(_FEEL),
    *_table(_ABOUT_THINGS),
)
"""English, Spanish and the verbs that fit; `pairs` takes each as often."""


def pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Return different sentences in English and Spanish, the same ones for the same seed.

    Raises ValueError where so many cannot be put together.
    """
    rng = random.Random(seed)
    found: dict[tuple[str, str], None] = {}
    for _ in range(_TRIES * count):
        if len(found) == count:
            break
        found.setdefault(_filled(*rng.choice(TEMPLATES), rng))
    if len(found) < count:
        raise ValueError(f"the templates have fewer than {count} pairs: ask for fewer")
    return list(found)


def _filled(
    english: str, spanish: str, verbs: tuple[_Verb, ...], rng: random.Random
) -> tuple[str, str]:
    """Return a template with every slot filled by chance."""
    names = sorted(
        {name.split(".")[0] for _, name, _, _ in Formatter().parse(english + spanish) if name}
    )
    people = _people(rng)
    slots = {name: _person_forms(person) for name, person in people.items()}
    # Nobody asks what he wants himself.
    slots["s"], place = _subject(people["q"], rng, asks="?" in english or english[:2] == "if")
    words: dict[str, _Said] = {}
    for name in names:
        if name in slots:
            continue
        if name in _SIMPLE:
            slots[name] = _both(*rng.choice(_SIMPLE[name]))
        elif name == "v":
            slots[name] = _verb_forms(rng.choice(verbs), place, verbs is _PAST_VERBS, rng)
        elif name in _HELPERS:
            slots[name] = _helper_forms(_HELPERS[name], place)
        elif name == "kp":
            cause = rng.choice(_CAUSES)
            slots[name] = _both(*(text.format(**slots) for text in cause))
        else:
            kind, whose = name[0], name[1]
            words[name] = _word(kind, words, rng)
            slots[name] = _said_forms(words[name], people[whose], kind=kind, many=whose in "gh")
    return _spoken(english.format(**slots), rng), _sentence(spanish.format(**slots))


def _people(rng: random.Random) -> dict[str, _Person]:
    """Return two people, a relative of the first, a group, and a thing and several of it."""
    one, other = _anybody(rng), _anybody(rng)
    while other.en == one.en or (other.is_she == one.is_she and rng.random() > _SAME_SEX):
        other = _anybody(rng)
    relative = rng.choice([kin for kin in _RELATIVES if kin[0] not in one.en])
    group = rng.choice(_GROUPS)
    thing = rng.choice(_OBJECTS)
    women = {kin for kin, _ in _KIN[:_WOMEN_OF_KIN]}
    return {
        "p": one,
        "q": other,
        "r": _Person(*relative, relative[0] in women),
        "g": _Person(*group),
        "e": _Person(*thing),
        "h": _Person(_plural_en(thing[0]), _plural_es(thing[1]), thing[2]),
    }


def _anybody(rng: random.Random) -> _Person:
    """Return a relative of somebody, a name or another person of known gender."""
    is_she = rng.random() < 0.5
    chance = rng.random()
    if chance < 0.25:
        name = rng.choice(_NAMES[0 if is_she else 1].split())
        return _Person(name, name, is_she)
    if chance < 0.4:
        return _Person(*rng.choice([other for other in _OTHERS if other[2] == is_she]))
    english, spanish = rng.choice(_KIN[:_WOMEN_OF_KIN] if is_she else _KIN[_WOMEN_OF_KIN:])
    is_chosen = english in _CHOSEN
    if chance < 0.5:
        name = rng.choice(_NAMES[is_she if is_chosen else rng.randrange(2)].split())
        the = "la" if is_she else "el"
        return _Person(f"{name}'s {english}", f"{the} {spanish} de {name}", is_she)
    ours = ("our", "nuestra" if is_she else "nuestro")
    whose, de = rng.choice((("my", "mi"), ("your", "tu"), ("my", "mi") if is_chosen else ours))
    return _Person(f"{whose} {english}", f"{de} {spanish}", is_she)


def _subject(person: _Person, rng: random.Random, *, asks: bool) -> tuple[SimpleNamespace, int]:
    """Return who does something and the place of the verb's form."""
    if rng.random() < _NOUN_SUBJECT:
        pronoun = "she" if person.is_she else "he"
        return SimpleNamespace(
            en=person.en, es=person.es, do="does", be="is", re=pronoun, rebe="is"
        ), 2
    at = rng.randrange(asks, len(_SUBJECTS))
    english, spanish, place, do, be = _SUBJECTS[at]
    reply = _SUBJECTS[_reply(at)]
    return SimpleNamespace(en=english, es=spanish, do=do, be=be, re=reply[0], rebe=reply[4]), place


def _reply(place: int) -> int:
    return _REPLIES[place] if place < len(_REPLIES) else place


def _helper_forms(verb: _Verb, place: int) -> SimpleNamespace:
    english = verb.third if place == 2 else verb.base
    return SimpleNamespace(en=english, es=verb.es[place], re=verb.es[_reply(place)])


def _word(kind: str, words: Mapping[str, _Said], rng: random.Random) -> _Said:
    """Return a word of a kind; one of the same kind again is at times the same."""
    taken = [word for name, word in words.items() if _KINDS[name[0]] is _KINDS[kind]]
    repeated = [word for name, word in words.items() if name[0] == kind]
    if repeated and rng.random() < _SAME_WORD:
        return repeated[0]
    return rng.choice([word for word in _KINDS[kind] if word not in taken])


def _both(english: str, spanish: str) -> SimpleNamespace:
    return SimpleNamespace(en=english, es=spanish)


def _person_forms(person: _Person) -> SimpleNamespace:
    """Return somebody with the words that change with the gender."""
    forms = _SHE_FORMS if person.is_she else _HE_FORMS
    return SimpleNamespace(en=person.en, es=person.es, **forms)


def _said_forms(word: _Said, person: _Person, *, kind: str, many: bool) -> SimpleNamespace:
    """Return what is said of somebody, in all forms that templates name."""
    spanish = word.she if person.is_she else word.he
    is_noun = kind in "tu"
    return SimpleNamespace(
        en=_plural_en(word.en) if many and is_noun else word.en,
        es=_plural_es(spanish) if many else spanish,
        a=f"{'an' if word.en[0] in 'aeiou' else 'a'} {word.en}",
        er=_COMPARATIVES.get(word.en, f"more {word.en}"),
        est=_superlative(word.en),
    )


def _verb_forms(verb: _Verb, place: int, past: bool, rng: random.Random) -> SimpleNamespace:
    english, spanish = rng.choice(verb.rest)
    finite = verb.third if past or place == 2 else verb.base
    return SimpleNamespace(
        base=f"{verb.base} {english}", en=f"{finite} {english}", es=f"{verb.es[place]} {spanish}"
    )


def _superlative(word: str) -> str:
    comparative = _COMPARATIVES.get(word)
    return f"{comparative[:-1]}st" if comparative else f"most {word}"


def _plural_en(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("ch") else f"{word}s"


def _plural_es(word: str) -> str:
    if word[-1] in "aeiou":
        return f"{word}s"
    if word.endswith("z"):
        return f"{word[:-1]}ces"
    return word[:-2] + word[-2:].translate(str.maketrans("áéíóú", "aeiou")) + "es"


_STARTS = re.compile(r"(?:^|(?<=[.?!] ))([¿¡]?)(\w)")
_PRONOUNS = "I|you|he|she|we|they"
_ALWAYS: tuple[tuple[str, str], ...] = (
    (rf"\b(do|does|did|is|are) ({_PRONOUNS}) not\b", r"\1n't \2"),
    (rf"\bcan ({_PRONOUNS}) not\b", r"can't \1"),
)
"""What nobody says apart: "why do you not"."""
_AT_TIMES: tuple[tuple[str, str], ...] = (
    (r"\b(is|are|was|were|do|does|did|has) not\b", r"\1n't"),
    (r"\bcannot\b", "can't"),
    (r"\bI am (?=\w)", "I'm "),
    (r"\b(he|she) is (?=\w)", r"\1's "),
    (r"\b(you|we|they) are (?=\w)", r"\1're "),
)


def _spoken(english: str, rng: random.Random) -> str:
    """Return an English sentence with contractions, most of the time."""
    changes = _ALWAYS + _AT_TIMES if rng.random() < _CONTRACTED else _ALWAYS
    for pattern, said in changes:
        english = re.sub(pattern, said, english)
    return _sentence(english)


def _sentence(text: str) -> str:
    """Return a text with single blanks and a capital where each sentence starts."""
    text = re.sub(r"¿ +", "¿", " ".join(text.split()))
    text = re.sub(r"\b(a|de) el\b", lambda both: "al" if both[1] == "a" else "del", text)
    return _STARTS.sub(lambda start: start[1] + start[2].upper(), text)

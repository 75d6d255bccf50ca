from dataclasses import replace

import pytest

from live_translator.audio.devices import Device, choose, hears_itself
from live_translator.errors import DeviceError

BUILT_IN = "alsa_input.pci-0000_00_1f.3.analog-stereo"
SPEAKERS = Device(
    name="alsa_output.pci-0000_00_1f.3.analog-stereo",
    label="Built-in Audio",
    channels=2,
    rate_hz=44_100,
    default=True,
    on_server=True,
    number=7,
)
HEADSET_OUT = Device(
    name="alsa_output.usb-Jabra", label="Jabra Evolve", channels=2, rate_hz=48_000, number=9
)
INPUTS = [
    Device(
        name="alsa_output.usb-Jabra.monitor",
        label="Monitor of Jabra Evolve",
        channels=2,
        rate_hz=48_000,
        monitor_of="alsa_output.usb-Jabra",
        number=0,
    ),
    Device(name="alsa_input.usb-Jabra", label="Jabra Evolve", channels=1, rate_hz=16_000, number=1),
    Device(
        name=f"{SPEAKERS.name}.monitor",
        label="Monitor of Built-in Audio",
        channels=2,
        rate_hz=44_100,
        monitor_of=SPEAKERS.name,
        hears_default=True,
        number=2,
    ),
    Device(
        name=BUILT_IN,
        label="Built-in Audio",
        channels=2,
        rate_hz=44_100,
        default=True,
        number=3,
    ),
    Device(name="USB Webcam", channels=2, rate_hz=32_000, number=4),
    Device(name="USB Webcam 2", channels=2, rate_hz=32_000, number=5),
]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (None, BUILT_IN),
        ("", BUILT_IN),
        ("Default", BUILT_IN),
        ("0", "alsa_output.usb-Jabra.monitor"),
        (" 5 ", "USB Webcam 2"),
        # a monitor has its output's name in its own: the microphone is meant
        ("jabra", "alsa_input.usb-Jabra"),
        ("JABRA EVOLVE", "alsa_input.usb-Jabra"),
        ("built-in", BUILT_IN),
        ("monitor of jabra", "alsa_output.usb-Jabra.monitor"),
        ("1f.3.analog-stereo.monitor", f"{SPEAKERS.name}.monitor"),
        # the whole name wins over a part of a longer one
        ("usb webcam", "USB Webcam"),
        ("webcam 2", "USB Webcam 2"),
        ("system", f"{SPEAKERS.name}.monitor"),
    ],
)
def test_an_input_is_chosen_by_place_part_of_a_name_or_role(wanted: str | None, name: str) -> None:
    assert choose(INPUTS, wanted, output=False).name == name


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("6", "^there is no input device 6: there is 0 alsa_output.usb-Jabra.monitor .*, 1 "),
        ("phone", "^no input device is called 'phone': there is 0 .*, 5 USB Webcam 2$"),
        (
            "webcam",
            "^'webcam' fits 2 input devices, 4 USB Webcam, 5 USB Webcam 2: give more of the "
            "name, or its number$",
        ),
        ("monitor", "^'monitor' fits 2 input devices, 0 .*, 2 .*: give more"),
    ],
)
def test_a_choice_that_fits_none_or_several_says_what_there_is(wanted: str, message: str) -> None:
    with pytest.raises(DeviceError, match=message):
        choose(INPUTS, wanted, output=False)


def test_system_is_an_input_and_needs_a_sound_server() -> None:
    with pytest.raises(DeviceError, match=r"needs PulseAudio or PipeWire.* BlackHole"):
        choose([replace(d, hears_default=False) for d in INPUTS], "system", output=False)
    with pytest.raises(DeviceError, match="no output device is called 'system'"):
        choose([SPEAKERS], "system", output=True)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (False, "no microphone was found: .* use --input FILE instead"),
        (True, "no loudspeaker was found: .* use --output FILE.wav instead"),
    ],
)
def test_where_there_is_no_default_the_error_names_the_way_out(output: bool, message: str) -> None:
    for devices in ([], [HEADSET_OUT]):
        with pytest.raises(DeviceError, match=message):
            choose(devices, None, output=output)


def test_nothing_to_choose_from_is_said_so() -> None:
    with pytest.raises(DeviceError, match="no output device is called 'x': there is no output"):
        choose([], "x", output=True)


def test_only_the_monitor_of_the_output_hears_the_program_itself() -> None:
    assert [hears_itself(source, SPEAKERS) for source in INPUTS] == [
        False, False, True, False, False, False,
    ]  # fmt: skip
    assert [hears_itself(source, HEADSET_OUT) for source in INPUTS[:2]] == [True, False]

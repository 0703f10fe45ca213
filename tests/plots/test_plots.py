"""Every figure draws, the same each time, with text that is text and colours that mean something."""

import inspect
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure

from nbcourse import plots
from nbcourse.plots import style

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = ["chapter_map", "timeline"]


@style.figure(width=6.4, height=3.6)
def curve(fig, slope=1.0):
    """Draw a sigmoid and a dashed step."""
    ax = fig.subplots()
    x = np.linspace(-4, 4, 30)
    ax.plot(x, 1 / (1 + np.exp(-slope * x)), color=style.SIGNAL)
    style.label_line(ax, x, 1 / (1 + np.exp(-slope * x)), "sigmoid", style.SIGNAL)
    ax.set(xlabel="input x", ylabel="output")


def figures():
    return [pytest.param(getattr(plots, name), id=name) for name in FIGURES] + [
        pytest.param(curve, id="curve")
    ]


def texts(svg):
    return [element for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_list_is_complete():
    drawn = [name for name in plots.__all__ if hasattr(getattr(plots, name), "svg")]
    assert sorted(drawn) == FIGURES


@pytest.mark.parametrize("figure", figures())
def test_draws_a_matplotlib_figure(figure):
    assert isinstance(figure.draw(), Figure)


@pytest.mark.parametrize("figure", figures())
def test_same_bytes_twice(figure):
    assert figure.svg() == figure.svg()


def test_same_bytes_in_another_process():
    code = "import sys; from nbcourse import plots; sys.stdout.buffer.write(plots.timeline.svg().encode())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert other.stdout.decode() == plots.timeline.svg()


@pytest.mark.parametrize("figure", figures())
def test_text_is_text_in_a_generic_font(figure):
    svg = figure.svg()
    assert texts(svg)
    assert "DejaVu" not in svg
    assert all("sans-serif" in element.get("style") for element in texts(svg))


@pytest.mark.parametrize("figure", figures())
def test_text_is_ink_and_colours_are_the_palette(figure):
    svg = figure.svg()
    assert all(f"fill: {style.INK}" in element.get("style") for element in texts(svg))
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", svg)) <= {style.INK, *style.PALETTE.values()}
    assert not re.search(r"(fill|stroke): ?(black|white|rgb)", svg)


@pytest.mark.parametrize("figure", figures())
def test_text_is_at_least_9_px_on_a_phone(figure):
    svg = figure.svg()
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    sizes = [float(re.search(r"([\d.]+)px", element.get("style"))[1]) for element in texts(svg)]
    assert min(sizes) * min(1, 342 / width * 0.72) / 0.72 >= 9


@pytest.mark.parametrize("figure", figures())
def test_the_element_fits_a_page(figure):
    svg = figure.svg()
    root = ET.fromstring(svg)
    assert svg.startswith("<svg ")
    assert "max-width: 100%" in root.get("style")
    assert not list(root.iter(f"{SVG}style")), "a style sheet inside would leak into the page"
    assert not list(root.iter(f"{SVG}metadata"))
    assert float(root.get("width")) == pytest.approx(
        float(root.get("viewBox").split()[2]) / 72 * 100, abs=0.01
    )


@pytest.mark.parametrize("figure", figures()[:-1])
def test_every_label_lies_inside_the_drawing(figure):
    svg = figure.svg()
    _, _, width, height = map(float, ET.fromstring(svg).get("viewBox").split())
    fig = figure.draw()
    with matplotlib.rc_context(style.style(width / 72)):
        fig.draw_without_rendering()
        boxes = [text.get_window_extent() for text in fig.findobj(matplotlib.text.Text) if text.get_text()]
    scale = fig.dpi / 72  # measured in DejaVu Sans, which is wider than the fonts that browsers choose
    assert min(box.x0 for box in boxes) >= -1
    assert max(box.x1 for box in boxes) / scale <= width + 1
    assert max(box.y1 for box in boxes) / scale <= height + 1


def test_shows_svg_and_a_calm_line_and_returns_none():
    InteractiveShell.instance()
    with capture_output() as captured:
        result = curve(2.0)
    assert result is None
    (output,) = captured.outputs
    assert output.data["text/plain"] == "<figure: curve>"
    assert output.data["image/svg+xml"] == curve.svg(2.0) != curve.svg(1.0)
    assert curve.__doc__.startswith("Draw a sigmoid")


def test_the_signature_is_what_a_caller_passes():
    assert str(inspect.signature(curve)) == "(slope=1.0)"
    assert str(inspect.signature(plots.timeline)) == "()"


def test_the_style_does_not_leak():
    before = dict(matplotlib.rcParams)
    curve.svg()
    assert dict(matplotlib.rcParams) == before
    assert "matplotlib.pyplot" not in vars(style)


def test_a_wide_figure_keeps_its_text_readable():
    assert style.style(12.8)["font.size"] == pytest.approx(2 * style.FONT_SIZE)
    assert style.style(3.2)["xtick.labelsize"] == 11


@pytest.mark.parametrize("size", [(0, 3), (3, -1), (float("nan"), 3)])
def test_a_size_must_be_positive(size):
    with pytest.raises(ValueError, match="expected a positive width and height"):
        style.figure(*size)


@style.figure()
def powers(fig, low, high):
    """Draw a line on log axes."""
    ax = fig.subplots()
    ax.loglog([low, high], [1, 10])


def test_log_axes_have_plain_labels_of_full_size():
    words = ["".join(element.itertext()) for element in texts(powers.svg(1e-2, 1e4))]
    assert {"0.01", "0.1", "1", "10", "100", "1,000", "10,000"} <= set(words)
    far = powers.svg(1e-7, 1e-3)
    words = ["".join(element.itertext()) for element in texts(far)]
    assert {"10⁻⁷", "10⁻⁵", "10⁻³"} <= set(words)
    assert not {"0.001", "0.0001"} & set(words), "one axis, one way to write numbers"
    assert "tspan" not in far and "\\mathdefault" not in far


def test_a_narrow_log_axis_labels_its_minor_ticks():
    words = ["".join(element.itertext()) for element in texts(powers.svg(2, 6))]
    assert {"2", "3", "4", "6"} <= set(words)


def test_label_line_takes_a_point_too():
    ax = Figure().subplots()
    note = style.label_line(ax, 1.0, 2.0, "here", style.LOSS, dy=3)
    assert note.xy == (1.0, 2.0)
    assert note.get_color() == style.INK


def test_the_timeline_tells_the_years():
    words = " ".join("".join(element.itertext()) for element in texts(plots.timeline.svg()))
    order = [
        words.index(name)
        for name in ("Perceptron", "Reverse-mode", "LSTM", "LeNet-5", "AlexNet", "ResNet", "GPT")
    ]
    assert order == sorted(order)
    assert {"1943", "1957/58", "1997", "1998", "2017"} <= set(words.split())


def test_the_map_has_nine_chapters():
    words = [" ".join("".join(element.itertext()).split()) for element in texts(plots.chapter_map.svg())]
    assert [word for word in words if re.fullmatch(r"\d\d", word)] == [
        f"0{number}" for number in range(1, 10)
    ]


def test_no_pyplot_no_torch():
    code = (
        "import sys; from nbcourse import plots; plots.timeline.svg(); "
        "print([m for m in ('matplotlib.pyplot', 'torch') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_pictures_that_are_alike_have_no_id_twice():
    @style.figure()
    def twice(fig):
        for ax in fig.subplots(1, 2):
            ax.imshow(np.zeros((4, 4)))

    ids = re.findall(r'\bid="([^"]+)"', twice.svg())
    assert twice.svg().count("<image") == 2 and len(ids) == len(set(ids))

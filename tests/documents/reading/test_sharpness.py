"""What is read of a blurred page is doubted, and what is read of a sharp one is not."""

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from documents.reading import read_page


def a_page() -> Image.Image:
    page, words = Image.new("RGB", (1200, 500), "white"), ImageFont.load_default(40)
    for line in range(6):
        text = f"{line} 6217 0012 3456 7890 37337.80 2026-03-02"
        ImageDraw.Draw(page).text((60, 30 + 75 * line), text, 20, words)
    return page


def test_a_lightly_blurred_page_is_read_with_less_confidence_than_a_sharp_one() -> None:
    sharp, blurred = a_page(), a_page().filter(ImageFilter.GaussianBlur(3.6))
    clear, doubted = read_page(sharp).lines, read_page(blurred).lines
    assert max(max(line.sure) for line in clear) == 100
    assert [line.text for line in doubted] == [line.text for line in clear]
    assert max(max(line.sure) for line in doubted) < 98

"""How people write who they are, and what looks like it and is a thing: true and false friends of the mask."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sixfaces.domain.personal import masked_text

NUMBER = "138****5678"
COVERED = {
    "TEL13812345678": f"TEL{NUMBER}",
    "IMG13812345678.jpg": f"IMG{NUMBER}.jpg",
    "wx_13812345678x.mp4": f"wx_{NUMBER}x.mp4",
    "138\u20111234\u20115678": NUMBER,
    "138\u200b1234\u200b5678": "138\u200b****5678",
    "1\u200b3\u200b8\u200b12345678": "1\u200b3\u200b8\u200b****5678",
    "138-123-45678": NUMBER,
    "13812 345678": NUMBER,
    "138 12 34 56 78": NUMBER,
    "138/1234/5678": NUMBER,
    "138.1234.5678": NUMBER,
    "1381234 5678": NUMBER,
    "0912-345-678": "0912***678",
    "02012345678": "020****5678",
    "075512345678": "0755****5678",
    "张三(13812345678)": f"张*({NUMBER})",
    "张三（13812345678）": f"张*（{NUMBER}）",
    "退货_张三_13812345678.mp4": f"退货_张*_{NUMBER}.mp4",
    "张三 手机13812345678": f"张* 手机{NUMBER}",
    "收件人张三电话13812345678": f"收件人张*电话{NUMBER}",
    '{"name":"张三"}': '{"name":"张*"}',
    "欧阳先生": "欧*先生",
    "王女士说没收到": "王女士说没收到",
    "李雷 收": "李* 收",
    "To: 张三": "To: 张*",
    "陳大文 0912-345-678": "陳** 0912***678",
    "幸福小区3-2-501": "幸福小区****",
    "南山区腾讯大厦3楼301室": "南山区腾讯大厦****",
    "腾讯大厦A座28楼": "腾讯大厦****",
    "住在1803房": "住在****",
    "臺北市信義路五段7號": "臺北市信義路五段**",
    "12组35号": "****",
    "微信号：zhangsan_88": "微信号：z***",
    "QQ号 123456789": "QQ号 1***",
    "银行卡号 6222 0212 3456 7890 123": "银行卡号 6***",
    "6222020000000000000": "6222****0000",
    "身份证 110105491231002": "身份证 1***",
    "身份证号110105194912310021": "身份证号1***",
    "护照号 E12345678": "护照号 E***",
    "车牌粤B12345": "车牌粤B***",
    "https://u.wechat.com/kJ8fQ2": "https://u.wechat.com/k***",
    "13812345678，谢谢": f"{NUMBER}，谢谢",
    "支付宝 13812345678": f"支付宝 {NUMBER}",
    "虚拟号 17012345678": "虚拟号 170****5678",
}

KEPT = (
    "SF1381234567890",
    "JD0138123456789",
    "YT13812345678",
    "773138123456789",
    "9787115546081",
    "6901234567892",
    "SN-13812345678A",
    "PO-2026-138-12345",
    "订单 2026112213812345678",
    "订单 4321567812345678901",
    "批次 20260102-03",
    "广州市2026-01-02",
    "IMG_20260102_030405.jpg",
    "VID20260102030405.mp4",
    "1080x1920 30fps",
    "第3层第2箱",
    "A区货架",
    "3 组 5 件",
    "https://qr.example.com/item/6901234567892",
    "按 default@2026.1 判定",
    "abcd@2026.1",
    "微信支付",
    "QQ 群里说的",
    "本店支持七天无理由",
    "谢谢",
    "银行卡退款 3 天到账",
    "10.0.0.13:8080",
    "0.138 12.34 56.78",
)


@pytest.mark.parametrize(("text", "shown"), COVERED.items())
def test_every_way_to_write_it_is_covered(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert masked_text(text) == text


@pytest.mark.parametrize("text", COVERED)
def test_no_mask_is_longer_than_what_it_covers_and_it_stays_when_covered_again(text: str) -> None:
    shown = masked_text(text)
    assert len(shown) <= len(text)
    assert masked_text(shown) == shown


MORE = (
    "张三",
    "收件人",
    "：",
    "路",
    "号",
    "@",
    "a@b.cn",
    "to: ",
    "07551234567",
    " ",
    "\u200b",
    "-",
    "1",
    "Mr. Li",
    "①",
    "㈱",
)
PIECES = st.sampled_from([*COVERED, *KEPT, *MORE])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_whatever_is_written_no_mask_is_longer(text: str) -> None:
    assert len(masked_text(text)) <= len(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(0, 2**32))
def test_a_phone_number_is_found_between_any_words(text: str, seed: int) -> None:
    folded = ((one, unicodedata.normalize("NFKC", one)) for one in text)
    around = "".join(one for one, plain in folded if not any(c.isalnum() or c in "+*.-/_·" for c in plain))
    number = f"1{random.Random(seed).randrange(3 * 10**9, 10**10)}"
    assert number not in masked_text(f"{around}。{number}。{around}")


@pytest.mark.parametrize(
    "text", ["https://u.wechat.com/kJ8fQ2", "https://wa.me/8613812345678", "https://qm.qq.com/q/a1b2"]
)
def test_a_link_to_a_person_is_no_number_of_a_thing(text: str) -> None:
    assert masked_text(text) != text

"""The sentence for each reason why a file or a whole packet is refused."""

from documents.packets.file_faults import FileFault
from documents.packets.file_limits import MEBIBYTE, Limits
from language import N_, _
from rules.errors import BadInput

_SENTENCES = {
    FileFault.EMPTY: N_("文件是空的"),
    FileFault.UNKNOWN_TYPE: N_(
        "不是可以读取的文件：只收 PDF、OFD、图片（JPEG、PNG、TIFF、HEIC 等）和 ZIP"
    ),
    FileFault.OFFICE_FILE: N_("是 Word、Excel 等办公文档，请另存为 PDF 再交"),
    FileFault.NO_TYPEFACE: N_(
        "本机没有中文字体，画不出 OFD 文件：请管理员安装中文字体，或转成 PDF 再交"
    ),
    FileFault.OTHER_ARCHIVE: N_("是 RAR 或 7z 压缩包，请解开后直接交，或改用 ZIP"),
    FileFault.MAIL_FILE: N_("是一封邮件，请把附件另存后再交"),
    FileFault.DAMAGED: N_("文件已损坏或不完整，无法打开"),
    FileFault.ENCRYPTED: N_("文件有密码，请去掉密码再交"),
    FileFault.TOO_SLOW: N_("文件在 %(seconds)s 秒内无法打开，可能已损坏"),
    FileFault.FILE_TOO_LARGE: N_("文件超过 %(file_size)s MB"),
    FileFault.TOO_MANY_PIXELS: N_("一页超过 %(pixels)s 万像素"),
    FileFault.FILE_TOO_LONG: N_("文件超过 %(pages)s 页"),
    FileFault.NO_PAGES: N_("文件里一页也没有"),
    FileFault.NESTED_ARCHIVE: N_("压缩包里还有压缩包，请先解开再交"),
    FileFault.OVERBLOWN: N_("压缩比异常，解开后过大"),
    FileFault.OUTSIDE_PATH: N_("压缩包里的文件名指向压缩包之外"),
    FileFault.NOT_A_FILE: N_("是快捷方式或特殊文件，不是文件本身"),
    FileFault.UNREACHABLE: N_("无法读取：文件已不在或没有权限"),
    FileFault.EMPTY_PACKET: N_("里面没有文件"),
    FileFault.PACKET_TOO_LARGE: N_("一份申请的文件合计超过 %(packet_size)s MB"),
    FileFault.TOO_MANY_FILES: N_("一份申请超过 %(files)s 个文件"),
    FileFault.INFECTED: N_("杀毒程序报告文件含有恶意代码，没有收下；请先在交件的电脑上查毒"),
    FileFault.PACKET_TOO_LONG: N_("一份申请的文件合计超过 %(pages)s 页"),
}


class Unfit(BadInput):
    """A file or page cannot be used; the message is the sentence, `fault` is the reason."""

    def __init__(self, fault: FileFault, limits: Limits) -> None:
        super().__init__(sentence(fault, limits))
        self.fault = fault


def sentence(fault: FileFault, limits: Limits) -> str:
    """The sentence for a person, with the limit that was exceeded, in the current language."""
    return _(_SENTENCES[fault]) % {
        "seconds": limits.seconds,
        "file_size": limits.max_bytes_file // MEBIBYTE,
        "packet_size": limits.max_bytes_packet // MEBIBYTE,
        "pixels": limits.max_pixels // 10_000,
        "pages": limits.max_pages,
        "files": limits.max_files,
    }

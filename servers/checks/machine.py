"""Checks of this machine: room, rights of files, what the reader and the dates need."""

import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from documents.packets.isolation import isolation, why_not_isolated
from language import N_, _
from rules.errors import Transient
from servers.checks import Examination, Examined, beware, well, wrong
from settings import ROOT, Settings

_ROOM_MB = 1024
_ROOM_SHARE = 0.1
_FOR_OTHERS = 0o077


def _room(ready: Settings, _engine: Engine) -> Examined:
    usage = shutil.disk_usage(ready.data)
    free = usage.free // 2**20
    words = {"free": free}
    if free < _ROOM_MB:
        return wrong(_("数据目录只剩 %(free)s MB：请腾出空间") % words)
    if usage.free < usage.total * _ROOM_SHARE:
        return beware(_("数据目录剩余 %(free)s MB，不足一成：请准备扩容") % words)
    return well(_("数据目录剩余 %(free)s MB") % words)


def _data(ready: Settings, _engine: Engine) -> Examined:
    """A folder that is shut hides what is below; one that is open tells at least names."""
    if not _is_open(ready.data):
        return well(_("只有本用户能读"))
    sentence = _("别的用户能读：请运行 chmod -R go= %(path)s") % {"path": ready.data}
    is_worse = any(_is_open(path) for path in ready.data.iterdir())
    return wrong(sentence) if is_worse else beware(sentence)


def _environment_file(_ready: Settings, _engine: Engine) -> Examined:
    file = ROOT / ".env"
    if file.exists() and _is_open(file):
        return wrong(_(".env 里有密钥，而别的用户能读：请运行 chmod 600 %(file)s") % {"file": file})
    return well(_("没有，或只有本用户能读"))


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & _FOR_OTHERS)


def _time_zone(_ready: Settings, _engine: Engine) -> Examined:
    return well(str(ZoneInfo("Asia/Shanghai")))


def _reader(_ready: Settings, _engine: Engine) -> Examined:
    import onnxruntime

    return well(f"onnxruntime {onnxruntime.__version__}")


def _parsing(ready: Settings, _engine: Engine) -> Examined:
    try:
        if why := why_not_isolated(ready.parser_isolation):
            return beware(why)
        words = {"name": isolation(ready.parser_isolation)}
    except Transient as missing:
        return wrong(str(missing))
    return well(_("已隔离：%(name)s") % words)


def _typefaces(_ready: Settings, _engine: Engine) -> Examined:
    from documents.packets.ofd.fonts import has_chinese

    if has_chinese():
        return well(_("有中文字体"))
    return beware(
        _("没有中文字体，OFD 电子票据会被拒收：请安装 fonts-wqy-zenhei 或 fonts-noto-cjk")
    )


LOOKS: dict[str, Examination] = {
    N_("磁盘"): _room,
    N_("数据目录权限"): _data,
    N_(".env 文件"): _environment_file,
    N_("时区"): _time_zone,
    N_("文字识别"): _reader,
    N_("文件解析"): _parsing,
    N_("中文字体"): _typefaces,
}

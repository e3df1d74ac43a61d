"""What of an XML message is not as its schema says, by line and element in Chinese."""

import re

from lxml import etree

from language import N_, _

_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?(\w+)'")
# What libxml2 calls the fault, and what a person is told of it.
_WHY = {
    "SCHEMAV_ELEMENT_CONTENT": N_("不该在这里，或缺少前面的元素"),
    "SCHEMAV_CVC_COMPLEX_TYPE_4": N_("缺少属性"),
    "SCHEMAV_CVC_MINLENGTH_VALID": N_("不能为空"),
    "SCHEMAV_CVC_MAXLENGTH_VALID": N_("内容太长"),
    "SCHEMAV_CVC_ENUMERATION_VALID": N_("不是允许的代码"),
    "SCHEMAV_CVC_PATTERN_VALID": N_("写法不对"),
    "SCHEMAV_CVC_TOTALDIGITS_VALID": N_("位数太多"),
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": N_("小数位太多"),
    "SCHEMAV_CVC_MININCLUSIVE_VALID": N_("数值太小"),
}


def schema_faults(schema: etree.XMLSchema, content: bytes) -> list[str]:
    """One sentence for each element that the schema refuses; [] where it refuses none, or where
    the text is no XML."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        document = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return []
    schema.validate(document)
    told: dict[tuple[int, str], str] = {}
    for fault in schema.error_log:
        found = _ELEMENT.search(fault.message)
        element = found[1] if found else ""
        why = _(_WHY.get(fault.type_name, N_("不符合标准")))
        words = {"row": fault.line, "element": element, "why": why}
        # A value that breaks a facet is also said not to be of its type.
        told.setdefault((fault.line, element), _("第 %(row)s 行 %(element)s：%(why)s") % words)
    return list(told.values())

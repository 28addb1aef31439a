"""What the YAML library says of a line that it cannot parse, in Chinese."""

from __future__ import annotations

from urbsim.labels import bilingual

_PROBLEMS = {
    "mapping values are not allowed in this context": "此处不能有“键: 值”（多半是缩进不对，或文本中的冒号没有加引号）",
    "mapping keys are not allowed in this context": "此处不能有键",
    "block sequence entries are not allowed in this context": "此处不能有列表项",
    "could not find expected ':'": "缺少“:”",
    "did not find expected key": "缺少键（多半是缩进不对）",
    "did not find expected '-' indicator": "缺少列表项的“-”（多半是缩进不对）",
    "did not find expected ',' or ']'": "缺少“,”或“]”",
    "did not find expected ',' or '}'": "缺少“,”或“}”",
    "did not find expected node content": "缺少内容",
    "did not find expected <document start>": "文件开头之后又有别的内容",
    "did not find expected comment or line break": "此处应换行或写注释",
    "did not find expected alphabetic or numeric character": "此处应有字母或数字",
    "found unexpected end of stream": "文件意外结束（多半是引号或括号没有关上）",
    "found unexpected document indicator": "此处不能有文档分隔符",
    "found unknown escape character": "引号中有不认识的转义字符",
    "found character that cannot start any token": "此字符不能出现在开头（文本请加引号）",
    "found a tab character that violates indentation": "缩进中有制表符",
    "found a tab character where an indentation space is expected": "缩进中有制表符",
    "found undefined tag handle": "标签没有定义",
    "found unknown directive name": "不认识的指令",
}
_CONTEXTS = {
    "while parsing a block mapping": "在一组“键: 值”中",
    "while parsing a block collection": "在一个列表中",
    "while parsing a flow sequence": "在方括号的列表中",
    "while parsing a flow mapping": "在花括号的映射中",
    "while parsing a node": "在一个值中",
    "while scanning a simple key": "在一个键中",
    "while scanning a quoted scalar": "在引号中的文本里",
    "while scanning a plain scalar": "在没有引号的文本里",
    "while scanning a block scalar": "在多行文本中",
    "while scanning an anchor": "在锚点中",
    "while scanning an alias": "在别名中",
    "while scanning a tag": "在标签中",
    "while scanning a directive": "在指令中",
}


def not_yaml(problem: str, context: str) -> str:
    """Return what is wrong with a line that is not YAML; ``context`` says within what."""
    english = f"not YAML: {problem}" + (f" {context}" if context else "")
    where = _CONTEXTS.get(context, "")
    chinese = _PROBLEMS.get(problem, "语法有误")
    return bilingual(english, f"不是 YAML：{f'{where}，' if where else ''}{chinese}")

"""The Word forms of mentoring, and what each is filled with."""

from collections.abc import Mapping
from enum import StrEnum

from scheduler.core.errors import lazy


class DocumentKind(StrEnum):
    """A form of the office; the value is the name of the file that the product ships."""

    AGREEMENT = "agreement"
    GUIDANCE_LOG = "guidance_log"


DOCUMENT_NAMES = {
    DocumentKind.AGREEMENT: lazy("Mentoring agreement"),
    DocumentKind.GUIDANCE_LOG: lazy("Guidance log"),
}
"""The message id of each form."""

SAMPLES: Mapping[DocumentKind, Mapping[str, object]] = {
    DocumentKind.AGREEMENT: {
        "mentor": "孟涛",
        "mentor_unit": "办公室",
        "mentee": "田瑞",
        "mentee_unit": "办公室",
        "sponsor": "李德",
        "programme": "导师帮带",
        "starts_on": "2026年3月1日",
        "ends_on": "2027年2月28日",
        "duty": 2,
        "content_areas": "公文写作、调查研究",
        "goals": "独立起草通知。",
        "plan": "每月一篇。",
    },
    DocumentKind.GUIDANCE_LOG: {
        "title": "月度指导台账",
        "unit": "办公室",
        "period": "2026年3月",
        "count": 1,
        "counted": 1,
        "rows": [
            {
                "day": "2026年3月5日",
                "mentor": "孟涛",
                "mentee": "田瑞",
                "mode": "面谈",
                "areas": "公文写作",
                "minutes": 45,
                "text": "一起修改了会议通知。",
                "state": "已确认",
                "answer": "",
            }
        ],
    },
}
"""Facts such as each form is filled with: what an office's own form may ask for."""

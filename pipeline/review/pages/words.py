"""The words of the pages, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_WORDS: dict[str, tuple[str, str]] = {
    # Frame
    "queue": ("待办", "Queue"),
    "findings": ("问题", "Findings"),
    "dashboards": ("统计", "Figures"),
    "audit": ("记录", "Audit trail"),
    "people": ("人员", "People"),
    "menu": ("主菜单", "Main menu"),
    "to_content": ("跳到内容", "Skip to the content"),
    "theme": ("明暗", "Theme"),
    "help": ("帮助", "Help"),
    "close": ("关闭", "Close"),
    "cancel": ("取消", "Cancel"),
    "save": ("保存", "Save"),
    "log_in": ("登录", "Log in"),
    "log_out": ("退出", "Log out"),
    "login": ("账号", "Account"),
    "name": ("姓名", "Name"),
    "password": ("密码", "Password"),
    "change_password": ("修改密码", "Change password"),
    "old_password": ("原密码", "Present password"),
    "new_password": ("新密码", "New password"),
    "again_password": ("再次输入新密码", "New password again"),
    "log_in_lead": ("请登录后复核。", "Log in to review reports."),
    "must_change": ("首次登录，请设定自己的密码。", "Choose a password of your own before you go on."),
    "password_differs": ("两次输入的新密码不同。", "The two new passwords differ."),
    "ended": ("登录已过期，请重新登录。", "Your session has ended. Log in again."),
    "refused": ("请求来自其他网站，已拒绝。", "The request came from another site and was refused."),
    # Queue
    "received": ("等待", "Waiting"),
    "running": ("识读中", "Reading"),
    "review": ("待复核", "In review"),
    "done": ("完成", "Done"),
    "failed": ("失败", "Failed"),
    "password_state": ("需密码", "Encrypted"),
    "report": ("报告", "Report"),
    "agency": ("机关", "Agency"),
    "year": ("年度", "Year"),
    "state": ("状态", "State"),
    "tag": ("标签", "Tag"),
    "rule": ("规则", "Rule"),
    "all": ("全部", "All"),
    "open_items": ("待定", "Open"),
    "weight": ("影响", "Weight"),
    "working": ("正在处理", "At work"),
    "file": ("文件", "File"),
    "unknown_agency": ("机关不详", "Agency not known"),
    "start": ("开始复核", "Start"),
    "open": ("打开", "Open"),
    "nothing_open": ("没有待办。新到的报告会自动出现在这里。", "Nothing to do. New reports appear here by themselves."),
    "upload_lead": ("把报告拖到这里，或", "Drop reports here, or"),
    "choose_files": ("选择文件", "choose files"),
    "uploaded": ("已收下", "Taken"),
    "known_already": ("早已收到", "Known already"),
    "not_read_yet": ("尚未识读", "Not read yet"),
    "previous_page": ("上一页", "Previous"),
    "next_page": ("下一页", "Next"),
    "of": ("共", "of"),
    # Item
    "now": ("现值", "as it is"),
    "other_reading": ("其他读法", "other reading"),
    "suggested": ("建议值", "suggested"),
    "row_in_doubt": ("行名存疑", "A row in doubt"),
    "whole_report": ("整份报告", "The report as a whole"),
    "by_sums": ("由等式推算", "what the sums ask for"),
    "blank": ("空白", "blank"),
    "absent": ("没有", "absent"),
    "not_applicable": ("不适用", "not applicable"),
    "type_number": ("输入数字", "Type a number"),
    "sums": ("相关等式", "Sums it is part of"),
    "no_sums": ("没有等式可以印证", "No sum confirms it"),
    "crop": ("单元格图像", "Picture of the cell"),
    "no_picture": ("此处没有图像", "There is no picture of it"),
    "page_n": ("第 {} 页", "Page {}"),
    "item_n": ("第 {} 项，共 {} 项", "{} of {}"),
    "left_n": ("还有 {} 项", "{} left"),
    "official_form": ("表格全貌", "The form"),
    "l_review": ("待复核", "to review"),
    "l_broken": ("等式不平", "in a sum that fails"),
    "l_person": ("已由人核定", "settled by a person"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "zoom_fit": ("整页", "Fit"),
    "zoom_cell": ("回到该格", "To the cell"),
    "a_next": ("下一项", "Next"),
    "a_previous": ("上一项", "Previous"),
    "a_accept": ("采用", "Accept"),
    "a_confirm": ("确认", "Confirm"),
    "a_confirm_finding": ("确认报告有误", "The report is wrong"),
    "a_noted": ("已知悉", "Noted"),
    "a_blank": ("空白", "Blank"),
    "a_printed": ("照印（报告有误）", "As printed (the report is wrong)"),
    "a_remap": ("改对应行", "Another row"),
    "a_skip": ("跳过", "Skip"),
    "a_undo": ("撤销", "Undo"),
    "a_waive": ("豁免", "Waive"),
    "a_reject": ("不采用更正", "Reject the repair"),
    "a_proven": ("采用等式已证的全部", "Accept all that the sums prove"),
    "k_choose": ("直接采用该读法", "Take that reading"),
    "k_preview": ("预览其他读法，等式随之变化", "Look at another reading; the sums follow"),
    "k_type": ("输入数字", "Type a number"),
    "k_help": ("本帮助", "This help"),
    "k_zoom": ("缩放页面", "Zoom the page"),
    "k_queue": ("回到待办", "Back to the queue"),
    "keys": ("键盘操作", "Keys"),
    "decided": ("已定", "Settled"),
    "settled_more": ("另有 {} 项随之确定", "{} more follow from it"),
    "undone": ("已撤销", "Taken back"),
    "all_done": ("这份报告已全部核定", "All of this report is settled"),
    "next_report": ("下一份报告", "Next report"),
    "export": ("导出", "Export"),
    "notice": ("问题通知书", "Notice to the agency"),
    "held_by": ("{} 正在处理此项", "{} is working on it"),
    "choose_row": ("这一行其实是哪一行？", "Which row is it really?"),
    "printed_label": ("印出的行名", "Printed label"),
    "proposed": ("对应为", "Proposed"),
    "why_waive": ("为什么豁免？", "Why is it waived?"),
    "why": ("原因", "Why"),
    "not_here": ("此处不能这样做", "That cannot be done here"),
    "suspects": ("最小解释", "Smallest explanations"),
    # Findings
    "origin": ("来源", "Origin"),
    "severity": ("程度", "Severity"),
    "error": ("错误", "Error"),
    "warning": ("警告", "Warning"),
    "info": ("提示", "Remark"),
    "waived": ("已豁免", "Waived"),
    "confirmed": ("已确认", "Confirmed"),
    "origin_report": ("报告原文", "the report itself"),
    "origin_reading": ("识读", "our reading"),
    "origin_undetermined": ("未定", "undetermined"),
    "no_findings": ("没有问题", "No findings"),
    # Figures
    "progress": ("进度", "Progress"),
    "load": ("复核工作量", "Review load"),
    "accept_rate": ("直接采用率", "Accepted by machine"),
    "rules_broken": ("最常不平的规则", "Rules broken most often"),
    "heat": ("哪些格最常存疑", "Doubtful cells over the form"),
    "agency_years": ("一个机关历年", "One agency over the years"),
    "agencies": ("机关对比", "Agencies side by side"),
    "decisions": ("核定", "Decisions"),
    "reports": ("报告", "Reports"),
    "numbers_doubtful": ("存疑数字", "Doubtful numbers"),
    "no_figures": ("还没有数据", "No figures yet"),
    # Audit
    "when": ("时间", "When"),
    "who": ("谁", "Who"),
    "what": ("做了什么", "What"),
    "before": ("之前", "Before"),
    "after": ("之后", "After"),
    "download": ("下载", "Download"),
    # People
    "role": ("角色", "Role"),
    "reviewer": ("复核员", "Reviewer"),
    "admin": ("管理员", "Administrator"),
    "add_person": ("添加人员", "Add a person"),
    "active": ("可登录", "Active"),
    "inactive": ("已停用", "Switched off"),
    "switch_off": ("停用", "Switch off"),
    "switch_on": ("启用", "Switch on"),
    "new_one_time": ("重设密码", "New one-time password"),
    "one_time_for": ("{} 的一次性密码（只显示一次）：", "One-time password of {} (shown once):"),
    "admins_only": ("只有管理员可以看。", "Only administrators may see this."),
    "token_once": ("新令牌（只显示一次）：", "The new token (shown once):"),
    "new_token": ("新令牌", "New token"),
    "last_used": ("最近使用", "Last used"),
    "until": ("有效至", "Valid until"),
    "tokens": ("接口令牌", "API tokens"),
    "aliases": ("学到的行名", "Learnt row labels"),
    "withdraw": ("撤回", "Withdraw"),
}


class Words(Mapping[str, str]):
    """The words in one language; ``words.queue`` and ``words["queue"]`` are the same."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self._index]

    def __getattr__(self, key: str) -> str:
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __iter__(self) -> Iterator[str]:
        return iter(_WORDS)

    def __len__(self) -> int:
        return len(_WORDS)


WORDS: dict[Language, Words] = {language: Words(language) for language in LANGUAGES}

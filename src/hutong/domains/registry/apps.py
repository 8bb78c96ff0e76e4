from django.apps import AppConfig

KINDS_OF_WORK = {
    "registry.approve": "审核建档",
    "registry.revise": "补正档案",
    "registry.close": "审核退出",
    "registry.close_mend": "补正退出材料",
    "registry.assign_place": "落实新区划",
    "registry.correct": "审批更正",
    "registry.correct_revise": "补正更正申请",
    "registry.pair_judge": "核对疑似重复",
    "registry.pair_confirm": "确认合并",
}
RESPONSIBLE = """
SELECT 'area:' || residence_area FROM registry_child AS child WHERE id = %(child)s
   AND (residence_area >= current_setting('app.lo') AND residence_area < current_setting('app.hi')
        OR hukou_area >= current_setting('app.lo') AND hukou_area < current_setting('app.hi'))
   AND (%(level)s = 'village' OR %(role)s = 'TOWNSHIP_CHILD_SUPERVISOR' AND NOT EXISTS (
        SELECT 1 FROM network_post AS post JOIN network_holding AS holding ON holding.post_id = post.id
         WHERE post.role = 'VILLAGE_CHILD_DIRECTOR' AND post.area_code = child.residence_area AND post.active
           AND holding.since <= %(day)s AND (holding.until IS NULL OR holding.until > %(day)s)))
"""
"""The village's own post; where the village has no director today, the supervisor answers for its children."""
MADE = """
SELECT public_id FROM registry_child WHERE id = %(child)s AND created_by_id = %(user)s AND created_at > %(recently)s
   AND intake_id IS NULL
"""
"""Made one by one: a folder read in is nobody's acquaintance with each of its children."""


class RegistryConfig(AppConfig):
    name = "hutong.domains.registry"
    label = "registry"
    verbose_name = "档案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.registry import handlers, permissions, services
        from hutong.domains.registry.machines import correcting
        from hutong.domains.registry.machines.child_file import CHILD_FILE
        from hutong.domains.registry.machines.exit import EXIT
        from hutong.domains.registry.machines.file_correction import FILE_CORRECTION
        from hutong.domains.registry.machines.file_pair import FILE_PAIR
        from hutong.domains.registry.machines.move import MOVE
        from hutong.domains.registry.models import Child, Exit, Move, Pair, Proposal
        from hutong.domains.registry.services import doubles_job, move_items, placing, terms
        from hutong.domains.registry.views import reasons
        from hutong.foundation.access import explaining, shell
        from hutong.foundation.adjustments import counting
        from hutong.foundation.workflow import deadlines, kinds, longjobs, machines

        assert services  # notices are registered where they are written
        assert permissions
        assert handlers
        for kind, label in (KINDS_OF_WORK | move_items.KINDS).items():
            kinds.register(kind, label)
        deadlines.take_parameters_from(correcting.term)
        deadlines.take_parameters_from(terms.find)
        machines.register(Child, CHILD_FILE, area="residence_area", child="pk")
        machines.register(Proposal, FILE_CORRECTION, area="area_code")
        machines.register(Move, MOVE, area="from_area")
        machines.register(Exit, EXIT)
        machines.register(Pair, FILE_PAIR, child=None)
        longjobs.register(doubles_job.KIND, doubles_job.run)
        explaining.ask_with(reasons.ask)
        explaining.name("exit", "退出审核")
        explaining.name("move", "转移办理")
        explaining.name("pair", "重复核对")
        explaining.register(explaining.Explainer("duty", "责任岗位", 5, RESPONSIBLE))
        explaining.register(explaining.Explainer("made", "本人建档", 40, MADE))
        counting.register("儿童", placing.count_by_residence)
        shell.register(shell.Entry("儿童档案", "registry:search", "child", "child.search", 20))
        shell.register(shell.Entry("更正申请", "registry:proposals", "edit", "child.propose", 72))
        shell.register(shell.Entry("疑似重复", "registry:pairs", "user", "child.pair", 73))
        shell.register(shell.Entry("转入转出", "registry:moves", "place", "move.propose", 25))

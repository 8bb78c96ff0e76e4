"""``hutong library``: bring in the register of the release; see what it lacks."""

from __future__ import annotations

import click


@click.group()
def library() -> None:
    """政策库：装入随平台发布的文件，检查引用。"""


@library.command("load")
def library_load() -> None:
    """装入随平台发布的政策文件、条款和关联；可重复运行，本单位自己的文件不动。"""
    from hutong.domains.library import services

    done = services.load()
    click.echo(f"政策文件 {done.documents} 份，条款 {done.clauses} 条，关联 {done.links} 处。")
    if done.gone:
        click.echo(f"本版本不再登记的文件 {done.gone} 份，已撤下；有清理评估记录的保留并注明失效。")


@library.command("check")
def library_check() -> None:
    """检查规则、政策包和项目的依据是否都能在政策库中找到；有找不到的以 1 结束。"""
    from hutong.domains.policy import selectors as policy

    wrong = 0
    for (kind, name), citations in policy.sources().items():
        for said in citations:
            found = policy.resolved(said)
            lost = [*found.missing, *([] if found.stands else found.unknown)]
            if lost:
                wrong += 1
                click.echo(f"{kind} {name}：{said} —— 找不到 {'、'.join(lost)}")
    if wrong:
        raise click.ClickException(f"{wrong} 处依据找不到。请登入 rulebook/instruments，或写明是工作约定。")
    click.echo("规则、政策包和项目的依据都能在政策库中找到。")

"""`flask triage`: make the classifier of possible emergencies anew from its labelled texts, and say how good it is."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from blog.triage import learning
from blog.triage.amber import MODEL
from blog.triage.training import REPORTS, built, built_spam, labelled, learning_curve, left_out, table

group = AppGroup("triage", help="Train the classifier of possible emergencies, and measure it.")


@group.command()
@click.option("--check", is_flag=True, help="Write nothing; fail unless the model in place is what the texts give.")
def train(check: bool) -> None:
    """Learn from blog/triage/data/ and write both models beside the texts. The same texts give the same bytes."""
    texts = labelled()
    model = built(texts)
    made = {MODEL: model.dumped(), learning.MODEL: built_spam(texts).dumped()}
    if check:
        for path, text in made.items():
            if text != path.read_text("utf-8"):
                raise click.ClickException(f"{path.name} is not what the texts give. Run `flask triage train`.")
        click.echo("The models are what their texts give.")
        return
    for path, text in made.items():
        path.write_text(text, "utf-8")
    cuts = ", ".join(f"{language} {cut / 1000:+.3f}" for language, cut in model.cuts.items())
    click.echo(f"{len(model.classifier.weights):,} traits, {MODEL.stat().st_size:,} bytes; flagged above: {cuts}.")


@group.command()
def report() -> None:
    """How both tiers do on texts that the classifier has not seen: by kind and language, and by how many texts it has.

    Trains many times: some minutes.
    """
    texts = labelled()
    model = built(texts)
    for title, group_of in REPORTS:
        click.echo(f"\n{title}\n\n{'':38}{'':16}texts    red  either")
        for kind, language, share in table(left_out(texts, group_of), model.cuts):
            click.echo(f"{kind:<38}{language:<16}{share.texts:>5}{share.red_share:>7.0%}{share.either_share:>8.0%}")
    click.echo("\nWith a part of the texts, English\n\ntrained on  emergencies found  ordinary texts flagged")
    for size, recall, false in learning_curve(texts):
        click.echo(f"{size:>10}{recall:>19.1%}{false:>24.1%}")

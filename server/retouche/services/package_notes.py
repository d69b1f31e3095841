"""The texts that a new data package comes with: README, pipeline, git attributes."""

from __future__ import annotations

from retouche.core.guessing.inference import Inferred
from retouche.core.messages.wording import language

PIPELINE = """\
# Checks the data of merge requests. Faults show in the merge request: at their lines (code quality)
# and as failed tests (junit). A merge request answers only for the faults that it brings.
#
# The CI/CD variable RETOUCHE_PACKAGE says what pip installs: a version on an index of yours, the
# address of a wheel, or git+https://… It must not be protected: proposals come from branches that
# are not.

stages: [check]

retouche-check:
  stage: check
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0"
    RETOUCHE_LANG: "{locale}"
    PIP_DISABLE_PIP_VERSION_CHECK: "1"
  before_script:
    - pip install --quiet "${{RETOUCHE_PACKAGE:?set this CI/CD variable}}"
  script:
    - base="${{CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-$CI_MERGE_REQUEST_DIFF_BASE_SHA}}"
    - retouche check --against "$base" --format text,junit,codequality
      --output junit=retouche-junit.xml --output codequality=gl-code-quality-report.json
  artifacts:
    when: always
    expire_in: 30 days
    reports:
      junit: retouche-junit.xml
      codequality: gl-code-quality-report.json

# GitLab shows code quality only where the branch that is merged into has a report as well.
nothing-yet:
  stage: check
  image: alpine
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    GIT_STRATEGY: none
  script:
    - echo "[]" > gl-code-quality-report.json
  artifacts:
    expire_in: never
    reports:
      codequality: gl-code-quality-report.json
"""

ATTRIBUTES = """\
# Data stays byte for byte as it is; cells are merged where the driver is set up (see README.md).
*.csv -text merge=retouche
"""

FRENCH = """\
# {title}

Jeu de données au format [Data Package](https://datapackage.org/), proposé par `retouche init`.

| fichier | contenu |
|---|---|
| `{name}.csv` | les données, telles qu'elles étaient |
| `datapackage.json` | leur description : encodage, séparateur, titre, licence |
| `schemas/{name}.json` | ce que doit contenir chaque colonne |
| `widgets/*.json` | les vues : table, fiches, carte, graphiques |

{key}

À compléter : la licence (`licenses` dans `datapackage.json`), la description, les règles du schéma.

## Commandes

```console
retouche check          # vérifier les données
retouche serve .        # les servir et recevoir des corrections
```

Pour que git fusionne les corrections cellule par cellule dans ce dépôt :

```console
git config merge.retouche.name "cell by cell"
git config merge.retouche.driver "retouche merge-driver %O %A %B %P"
```
"""

ENGLISH = """\
# {title}

A dataset as a [Data Package](https://datapackage.org/), proposed by `retouche init`.

| file | holds |
|---|---|
| `{name}.csv` | the data, as it was |
| `datapackage.json` | its description: encoding, delimiter, title, licence |
| `schemas/{name}.json` | what each column must hold |
| `widgets/*.json` | the views: table, cards, map, charts |

{key}

To be completed: the licence (`licenses` in `datapackage.json`), the description, the rules.

## Commands

```console
retouche check          # check the data
retouche serve .        # serve it and receive corrections
```

To have git merge corrections cell by cell in this repository:

```console
git config merge.retouche.name "cell by cell"
git config merge.retouche.driver "retouche merge-driver %O %A %B %P"
```
"""

KEYED = {
    "fr": "Une ligne est désignée par {names}.",
    "en": "A row is named by {names}.",
}
KEYLESS = {
    "fr": (
        "Aucune colonne, seule ou par paire, ne distingue toutes les lignes : elles ne peuvent pas "
        "être corrigées tant qu'une colonne d'identifiants n'est pas ajoutée, puis déclarée dans "
        "`primaryKey` du schéma."
    ),
    "en": (
        "No column, and no pair of columns, tells all rows apart: they cannot be corrected until "
        "a column of identifiers is added and declared in the schema's `primaryKey`."
    ),
}


def readme(name: str, title: str, inferred: Inferred, *, locale: str) -> str:
    """The README of a new data package."""
    key = KEYLESS[locale]
    if inferred.key:
        key = KEYED[locale].format(names=" + ".join(f"`{one}`" for one in inferred.key))
    return (FRENCH if locale == "fr" else ENGLISH).format(title=title, name=name, key=key)


def pipeline(locale: str) -> str:
    """A GitLab pipeline that checks the data, and speaks French or English."""
    return PIPELINE.format(locale=language(locale))


def attributes() -> str:
    """What git must know of the files."""
    return ATTRIBUTES

#!/usr/bin/env bash
# A company's first months, unattended, as a scheduler would run them: some 20 minutes on two cores.
#
#     bash docs/examples/three_months.sh <an empty folder> [<customers, 3000>]
#
# It clones the project into the folder, simulates a small company there, and lets it live on by a
# month of 28 days before each run, through the waves that were sent. Your own project, its data and
# its runs stay as they are. Each line: what was asked, exit code, minutes, the status.
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
place=${1:?an empty folder to run in}
customers=${2:-3000}

git clone --quiet "$home" "$place"
cd "$place"
export PATH="$home/.venv/bin:$PATH" OMP_WAIT_POLICY=passive DVC_NO_ANALYTICS=true
export MLFLOW_DISABLE_TELEMETRY=true
unset MLFLOW_TRACKING_URI

set_to() { # <the parameter's own name> <value>: the first line of params.yaml that has it
  sed -i.before "0,/^\( *$1: *\)[^ #]*/s//\1$2/" params.yaml && rm params.yaml.before
}
keep() { # what a run changes belongs to the repository
  git add params.yaml dvc.lock data/champion reports 2>/dev/null || true
  git -c user.name=monthly -c user.email=monthly@example.org commit --quiet --all --message "$1"
}
month() { # <what is asked> <options ...>
  local asked=$1 began=$SECONDS code=0
  shift
  python -m pipeline.commands.monthly "$@" >status.json 2>>run.log || code=$?
  printf '%-44s exit %d  %2d:%02d  %s\n' "$asked" "$code" \
    $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) "$(cat status.json)"
}

# A company of its own, which has no champion yet; a champion is to be renewed after five weeks.
git rm --quiet -r data/champion/simulated dvc.lock
set_to customers "$customers"
set_to periods 20
set_to trials 3
set_to max_trees 100
set_to bootstrap_replicates 50
set_to max_age_days 35
keep "A small company"

month "month 1: first run" --send
keep "Month 1"
set_to later_periods 1
month "month 2: new data, the champions as they are" --send
month "month 2: once more" --send
keep "Month 2"
set_to later_periods 2
month "month 3: retrained, for it is due" --send
keep "Month 3"
set_to later_periods 3
set_to dirty_share 0.01
set_to max_quarantined_share 0.01
month "month 4: an export with faults" --send

"""docs/deploy.md and deploy/: what can be run is run, what cannot is read and held against what the program knows."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet
from prometheus_client import CollectorRegistry

from bot.settings import Settings
from bot.web.metrics import Metrics
from conversations.state.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
COMPOSE_ALONE = {"WENCE_SITE"}
"""The name of the site, which compose.yaml reads and hands on."""
STUBS = {
    "sudo": '[ "$1" = -u ] && shift 2\nexec "$@"',
    "journalctl": "cat serve.log",
    "systemctl": """
for last; do :; done
[ "$last" = wence ] || exit 0
end() { [ ! -e serve.pid ] || { kill "$(cat serve.pid)"; while kill -0 "$(cat serve.pid)" 2>&-; do sleep 0.1; done; rm serve.pid; }; }
begin() { wence serve </dev/null >>serve.log 2>&1 & echo $! >serve.pid; }
case "$1" in
  stop) end ;;
  start|enable) begin ;;
  restart) end; begin ;;
  *) exit 1 ;;
esac""",
}
"""What stands for the machine's own commands: the service is a process in the background, its log a file."""


# -- the guide, run


def blocks() -> list[str]:
    return re.findall(r"^```console run\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of ``block`` with the lines that it is expected to say."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *expected = part.splitlines()
        yield command, expected


def is_said(expected: str, line: str) -> bool:
    pattern = ".*".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, re.sub(r"\s+", " ", line)) is not None


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a machine on which the guide can be followed; what was started there is stopped."""
    programs, home, backups = tmp_path / "bin", tmp_path / "home", tmp_path / "backups"
    for folder in (programs, home, backups):
        folder.mkdir()
    for name, script in STUBS.items():
        (programs / name).write_text(f"#!/bin/bash\n{script}\n")
        (programs / name).chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), kept["PATH"]])
    yield kept | {"PATH": path, "WENCE_PORT": port, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    subprocess.run([programs / "systemctl", "stop", "wence"], cwd=home, env=kept, check=False)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_guide_can_be_followed(machine: dict[str, str]) -> None:
    home = Path(machine["HOME"])
    assert len(blocks()) >= 10
    for block in blocks():
        for command, expected in commands(block):
            here = command.replace("/var/backups/wence", str(home.parent / "backups"))
            here = here.replace("127.0.0.1:8000", f"127.0.0.1:{machine['WENCE_PORT']}")
            run = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", here],
                cwd=home,
                env=machine,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            said = f"$ {here}\n{run.stdout}{run.stderr}"
            # the doctor's own status speaks of what is found
            assert run.returncode == 0 or (here.startswith("wence doctor") and run.returncode < 3), said
            lines = iter(run.stdout.splitlines())
            for each in expected:
                wanted = each.replace("/var/backups/wence", str(home.parent / "backups"))
                assert any(is_said(wanted, line) for line in lines), f"{each!r} is not said, or not in order:\n{said}"


def test_a_wrong_answer_would_be_noticed() -> None:
    assert is_said("status 0", "status 0")
    assert is_said("✓ 磁盘：… 还剩 … GB。", "✓ 磁盘：/tmp 所在的磁盘还剩 70.3 GB。") is False
    assert is_said("✓ 磁盘：…还剩 … GB。", "✓ 磁盘：/tmp 所在的磁盘还剩 70.3 GB。")
    assert not is_said("status 0", "status 1")


def test_every_file_and_subcommand_that_the_guide_names_is_there() -> None:
    for link in re.findall(r"\]\(\.\./([^)]+)\)", GUIDE):
        assert (ROOT / link).exists(), link
    help_text = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, check=True)
    for name in set(re.findall(r"`wence ([a-z]+)", GUIDE)):
        assert name in help_text.stdout.decode(), name


def test_the_key_that_the_guide_makes_is_one() -> None:
    made = subprocess.run(["bash", "-c", "openssl rand -base64 32 | tr '+/' '-_'"], capture_output=True, check=True)
    Fernet(made.stdout.decode().strip())


# -- metrics and alerts


def exported() -> dict[str, set[str]]:
    """The names that /metrics can show, with their labels."""
    registry = CollectorRegistry()
    kept = vars(Metrics(registry)).values()
    labels = {each._name: set(each._labelnames) for each in kept if hasattr(each, "_labelnames")}
    names: dict[str, set[str]] = {}
    for family in registry.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
        for ending in endings:
            extra = {"le"} if ending == "_bucket" else set[str]()
            names[f"{family.name}{ending}"] = labels.get(family.name, set()) | extra
    return names


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_alerts_speak_of_metrics_that_there_are() -> None:
    known = exported()
    named = set[str]()
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert {"summary", "description"} <= set(rule["annotations"])
        for name, matchers in re.findall(r"\b(wence_\w+)(?:\{([^}]*)\})?", rule["expr"]):
            named.add(name)
            assert name in known, rule["alert"]
            for label, value in re.findall(r'(\w+)=~?"([^"]*)"', matchers):
                assert label in known[name], rule["alert"]
                if label == "outcome":
                    assert value in {outcome.value for outcome in Outcome}
        for label in re.findall(r"\$labels\.(\w+)", str(rule["annotations"])):
            assert label == "instance" or f"by ({label}" in rule["expr"], rule["alert"]
    assert len(named) >= 6


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not there")
def test_prometheus_understands_the_rules() -> None:
    run = subprocess.run(["promtool", "check", "rules", DEPLOY / "alerts.yaml"], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_guide_lists_the_metrics_that_there_are() -> None:
    listed = set(re.findall(r"^\| `(wence_\w+)", GUIDE, re.MULTILINE))
    known = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported()}
    assert listed == known


# -- units, compose, image


def unit(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def test_the_units_run_what_there_is() -> None:
    assert "ExecStart=/opt/wence/.venv/bin/wence serve\n" in unit("wence.service")
    assert "/opt/wence/.venv/bin/wence backup /var/backups/wence/" in unit("wence-backup.service")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"):
        assert f"{line}\n" in unit("wence.service"), line
        assert f"{line}\n" in unit("wence-backup.service"), line


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    files: list[Path] = []
    for name in ("wence.service", "wence-backup.service", "wence-backup.timer"):
        file = tmp_path / name
        file.write_text(unit(name).replace("/opt/wence/.venv/bin/wence", "/bin/true"))
        files.append(file)
    run = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    ours = [line for line in run.stderr.splitlines() if "wence" in line]
    assert ours == []


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not there")
@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.several"])
def test_caddy_understands_its_file(name: str, tmp_path: Path) -> None:
    shutil.copy(DEPLOY / name, tmp_path / "Caddyfile")
    options = ["--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    given = {**os.environ, "WENCE_SITE": "wence.example.cn", "HOME": str(tmp_path)}
    run = subprocess.run(["caddy", "validate", *options], capture_output=True, text=True, env=given, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.several", "nginx.conf"])
def test_no_proxy_hands_out_the_metrics_or_writes_down_a_consultation(name: str) -> None:
    text = unit(name)
    assert re.search(r"path /metrics\n\s*respond @inside 404|location = /metrics \{\s*return 404;", text)
    assert "access_log off" in text or "\tlog" not in text


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def test_compose_has_two_processes_a_database_and_a_proxy() -> None:
    services = compose()["services"]
    assert set(services) == {"wence-1", "wence-2", "wence", "database", "proxy"}
    processes = [services["wence-1"], services["wence-2"]]
    # a process finds what it left undelivered by its host's name
    assert len({each["hostname"] for each in processes}) == 2
    for each in processes:
        assert "ports" not in each
        assert each["environment"]["WENCE_HOST"] == "0.0.0.0"
        assert each["environment"]["WENCE_TRUSTED_PROXIES"] == services["proxy"]["networks"]["inside"]["ipv4_address"]
    proxied = re.search(r"reverse_proxy (.*) \{", unit("Caddyfile.several"))
    port = processes[0]["environment"]["WENCE_PORT"]
    assert proxied is not None
    assert proxied[1].split() == [f"wence-1:{port}", f"wence-2:{port}"]
    assert services["database"]["networks"] == ["inside"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    for each in services.values():
        for place in each.get("volumes", ()):
            source = place.split(":")[0]
            assert source in compose()["volumes"] or source == "./backups" or (ROOT / source).exists(), place


def test_settings_that_are_named_are_settings() -> None:
    known = {f"WENCE_{name}".upper() for name in Settings.model_fields} | COMPOSE_ALONE
    for file in (ROOT / "compose.yaml", ROOT / "Dockerfile", ROOT / "docs" / "deploy.md", *DEPLOY.iterdir()):
        found = set(re.findall(r"\bWENCE_[A-Z_]+[A-Z]\b", file.read_text("utf-8")))
        assert found <= known, file.name


def test_compose_gives_settings_that_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: str(value) for name, value in compose()["services"]["wence-1"]["environment"].items()}
    written = {"POSTGRES_PASSWORD": "abc", "WENCE_DATA_KEY": Fernet.generate_key().decode(), "WENCE_SITE": "a.example"}
    for name, value in given.items():
        filled = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda match: written[match[1]], value)
        monkeypatch.setenv(name, filled)
    settings = Settings.read()
    assert settings.database_url == "postgresql+asyncpg://wence:abc@database/wence"
    assert settings.port == 8000


def test_the_image_has_the_whole_program_and_the_tools_of_the_servers_version() -> None:
    """The file can only be read here: there is no Docker to build it."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    packages = re.search(
        r"\[tool\.hatch\.build\.targets\.wheel\]\npackages = \[(.*)\]", (ROOT / "pyproject.toml").read_text()
    )
    assert packages is not None
    copied = re.findall(r"^COPY (?!--from)(.+) (\S+)$", text, re.MULTILINE)
    sources = {source for each, _ in copied for source in each.split()}
    assert {name.strip('" ') for name in packages[1].split(",")} <= sources
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source
    client = re.search(r"postgresql-client-(\d+)", text)
    assert client is not None
    assert compose()["services"]["database"]["image"] == f"postgres:{client[1]}"
    stages = re.findall(r"^(?:FROM|USER|CMD) .*$", text, re.MULTILINE)
    assert stages[-2:] == ["USER wence", 'CMD ["wence", "serve"]']

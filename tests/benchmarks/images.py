"""The image service beside Debian's iipsrv, and beside nginx with the same tiles as files, in one run.

Run it as ``python tests/benchmarks/images.py [PAGES] [SECONDS] [FOLDER] [--long]``; it needs ``wrk``,
``nginx``, ``spawn-fcgi`` and ``iipsrv.fcgi`` (Debian: wrk nginx-light spawn-fcgi iipimage-server), and says
so where they are not there. Each server has two processes and the same pyramids; loads are drawn in turn,
three times, over the loopback interface, and the medians and the ratios that are aimed at are printed. With
``--long``, 200,000 requests on 500 scans follow, with the memory and the open files of the workers. Pages in
a FOLDER that is named are kept for the next run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run
from alamire.images.tiles import TileIndex

NEEDED = ("wrk", "nginx", "spawn-fcgi")
IIPSRV = Path("/usr/lib/iipimage-server/iipsrv.fcgi")
SIZE = (9000, 12_000)
ROUNDS = 3
WRK = """
local requests, place = {}, 0
local number = 0
function setup(thread) thread:set("number", number); number = number + 1 end
function init(args)
  for line in io.lines(os.getenv("URLS")) do requests[#requests + 1] = wrk.format("GET", line) end
  place = math.floor(#requests / 2) * number
end
function request() place = place % #requests + 1; return requests[place] end
function done(summary, latency, _)
  local bad = summary.errors.status + summary.errors.read + summary.errors.connect + summary.errors.timeout
  io.write(string.format("RESULT %d %d %f %f %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), bad))
end
"""
NGINX = """
worker_processes 2; daemon off; pid {root}/nginx.pid; error_log {root}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; default_type image/jpeg; keepalive_requests 1000000;
  client_body_temp_path {root}/nginx-1; fastcgi_temp_path {root}/nginx-2; proxy_temp_path {root}/nginx-3;
  uwsgi_temp_path {root}/nginx-4; scgi_temp_path {root}/nginx-5;
  upstream iip {{ server 127.0.0.1:{first}; server 127.0.0.1:{second}; }}
  server {{
    listen 127.0.0.1:{port};
    location /static/ {{ alias {root}/static/; }}
    location ~ ^/iip/(.*)$ {{
      # A process of iipsrv serves one connection at a time, so none may be kept open.
      fastcgi_pass iip; fastcgi_param QUERY_STRING IIIF=/$1;
      fastcgi_param REQUEST_METHOD $request_method; fastcgi_param REQUEST_URI $request_uri;
      fastcgi_param HTTP_HOST $http_host;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Load:
    """What a load came to: answers a second, the median and 99th percentile in ms, those that failed."""

    rate: float
    middle: float
    slow: float
    failed: int


@dataclass(frozen=True)
class Page:
    """A page: its id in our server, and its pyramid."""

    identifier: str
    pyramid: Path
    index: TileIndex


def make_archive(root: Path, pages: int, width: int, height: int) -> tuple[Path, list[str]]:
    """Ingest pages with the look and the grain of scans; return the archive and the ids of its images."""
    import pyvips

    identifiers = [f"bench.s{number:04d}" for number in range(1, pages + 1)]
    if (root / "archive").exists():
        return root / "archive", identifiers
    delivery, archive = root / "delivery", ArchiveFolder.create(root / "archive")
    delivery.mkdir()
    (delivery / "encodings").mkdir()
    (delivery / "scans").mkdir()
    (delivery / "source.toml").write_text('id = "bench"\ntitle = "Bench"\n', "utf-8")
    samples = sorted((Path(__file__).parents[2] / "samples" / "leuven-chansonnier" / "scans").glob("*.tif"))
    rows = ["file,label"]
    for number in range(1, pages + 1):
        page = pyvips.Image.new_from_file(str(samples[number % len(samples)])).colourspace("srgb")
        page = page.thumbnail_image(width, height=height, size="force")
        grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=3, seed=number)
        (page + grain).cast("uchar").copy(interpretation="srgb").jpegsave(
            str(delivery / "scans" / f"{number:04d}.jpg"), Q=88, keep="none"
        )
        rows.append(f"scans/{number:04d}.jpg,{number}r")
    (delivery / "sheet.csv").write_text("\n".join(rows) + "\n", "utf-8")
    plan = make_plan(read_delivery(delivery), archive)
    assert not plan.refused, plan.problems
    run(plan, archive)
    return archive.path, identifiers


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end, once it listens on a port."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None, f"{command[0]} did not start"
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def ours(archive: Path, port: int) -> list[str]:
    """Return the command of our server, with two workers."""
    command = [sys.executable, "-m", "alamire", "serve", "--archive", str(archive), "--port", str(port)]
    return [*command, "--workers", "2"]


def iipsrv(port: int) -> list[str]:
    """Return the command of one process of iipsrv."""
    return ["spawn-fcgi", "-n", "-a", "127.0.0.1", "-p", str(port), "--", str(IIPSRV)]


def tile_paths(pages: list[Page], count: int) -> dict[str, list[str]]:
    """Return the addresses of the same random tiles for each server, as viewers ask for them."""
    pick = random.Random(7)
    tiles = [
        (page, number, column, row)
        for page in pages
        for number, level in enumerate(page.index.levels)
        for column in range(level.columns)
        for row in range(level.rows)
    ]
    found: dict[str, list[str]] = {"alamire": [], "alamire 2.1": [], "iipsrv": [], "nginx": []}
    for page, number, column, row in (pick.choice(tiles) for _ in range(count)):
        level, side = page.index.levels[number], 512 << number
        x, y = side * column, side * row
        box = f"{x},{y},{min(side, page.index.width - x)},{min(side, page.index.height - y)}"
        width, height = min(512, level.width - 512 * column), min(512, level.height - 512 * row)
        exact, loose = f"{box}/{width},{height}/0/default.jpg", f"{box}/{width},/0/default.jpg"
        found["alamire"].append(f"/iiif/image/{page.identifier}/{exact}")
        found["alamire 2.1"].append(f"/iiif/2/{page.identifier}/{loose}")
        found["iipsrv"].append(f"/iip/{page.pyramid}/{loose}")
        found["nginx"].append(f"/static/{page.identifier}/{exact}")
    return found


def both(pages: list[Page], rests: list[str]) -> dict[str, list[str]]:
    """Return the addresses of requests in a form that both versions know, for us and for iipsrv."""
    pick = random.Random(3)
    chosen = [(pick.choice(pages), rest) for rest in rests]
    return {
        "alamire": [f"/iiif/2/{page.identifier}/{rest}" for page, rest in chosen],
        "iipsrv": [f"/iip/{page.pyramid}/{rest}" for page, rest in chosen],
    }


def regions(count: int) -> list[str]:
    """Return regions that are no tiles, at full size and at half of it."""
    pick = random.Random(5)
    found = []
    for _ in range(count):
        width, height = pick.randint(400, 1600), pick.randint(300, 1200)
        x, y = pick.randint(1, SIZE[0] - width), pick.randint(1, SIZE[1] - height)
        found.append(f"{x},{y},{width},{height}/{pick.choice([width, width // 2])},/0/default.jpg")
    return found


def drawn(root: Path, port: int, paths: list[str], seconds: float, connections: int = 16) -> Load:
    """Draw a load from a server."""
    (root / "urls").write_text("\n".join(paths) + "\n")
    with wrk(root, port, root / "urls", seconds, connections) as process:
        return read(process)


@contextmanager
def wrk(
    root: Path, port: int, urls: Path, seconds: float, connections: int
) -> Iterator[subprocess.Popen[str]]:
    """Run the load generator."""
    (root / "load.lua").write_text(WRK)
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s", "-s"]
    command += [str(root / "load.lua"), f"http://127.0.0.1:{port}"]
    with subprocess.Popen(
        command, env={**os.environ, "URLS": str(urls)}, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def read(process: subprocess.Popen[str]) -> Load:
    """Return what a load generator found."""
    out = process.communicate()[0]
    line = next(line for line in out.splitlines() if line.startswith("RESULT"))
    requests, micros, middle, slow, failed = map(float, line.split()[1:])
    return Load(requests / micros * 1e6, middle / 1000, slow / 1000, int(failed))


def compare(
    root: Path,
    ports: dict[str, int],
    paths: dict[str, list[str]],
    seconds: float,
    title: str,
    *,
    cold: list[Path] | None = None,
) -> dict[str, Load]:
    """Draw the same load from each server in turn; print and return the medians."""
    loads: dict[str, list[Load]] = {name: [] for name in paths}
    for _ in range(ROUNDS):
        for name, urls in paths.items():
            for path in cold or []:
                forget(path)
            loads[name].append(drawn(root, ports[name], urls, seconds))
    print(f"\n{title}")
    medians = {}
    for name, found in loads.items():
        medians[name] = median = Load(
            statistics.median(load.rate for load in found),
            statistics.median(load.middle for load in found),
            statistics.median(load.slow for load in found),
            sum(load.failed for load in found),
        )
        failed = f"  {median.failed} FAILED" if median.failed else ""
        print(
            f"  {name:12} {median.rate:9,.0f}/s   p50 {median.middle:7.2f}  p99 {median.slow:7.2f} ms{failed}"
        )
    return medians


def forget(path: Path) -> None:
    """Have the system drop a file from its memory."""
    handle = os.open(path, os.O_RDONLY)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)


def warmed(port: int, archive: Path, identifiers: list[str]) -> list[Page]:
    """Have every pyramid made, and return the pages."""
    from alamire.publication.holdings import Holdings

    holdings = Holdings(archive)
    pages = []
    for identifier in identifiers:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/iiif/image/{identifier}/info.json") as answer:
            json.load(answer)
        pyramid = holdings.pyramid(holdings.picture(identifier))
        pages.append(Page(identifier, pyramid, TileIndex.read(pyramid)))
    return pages


def ratio(name: str, value: float, aim: float) -> None:
    """Print a ratio beside what is aimed at."""
    print(f"  {name:52} {value:6.2f}  (aim {aim:g})")


def under_thumbnails(root: Path, port: int, tiles: list[str], pages: list[Page], seconds: float) -> Load:
    """Draw tiles while twenty thumbnails are being made all the time."""
    pick = random.Random(11)
    (root / "thumbnails").write_text(
        "\n".join(
            f"/iiif/2/{pick.choice(pages).identifier}/full/{pick.randint(1025, 1400)},/0/default.jpg"
            for _ in range(2000)
        )
    )
    with wrk(root, port, root / "thumbnails", seconds + 1, 20) as thumbnails:
        time.sleep(0.5)
        load = drawn(root, port, tiles, seconds, 4)
        made = read(thumbnails)
    print(f"  ({made.rate:.0f} thumbnails/s beside them, {made.failed} failed)")
    return load


def main(pages: int = 12, seconds: float = 3, folder: Path | None = None, *, long: bool = False) -> None:
    """Print what each server answers in a second, and the ratios."""
    missing = [name for name in NEEDED if not shutil.which(name)] + [str(IIPSRV)] * (not IIPSRV.exists())
    if missing:
        print(f"skipped: {', '.join(missing)} not here")
        return
    root = folder or Path(tempfile.mkdtemp(prefix="alamire-benchmark-"))
    root.mkdir(exist_ok=True)
    try:
        with ExitStack() as stack:
            beside(root, pages, seconds, stack)
        if long:
            memory(root / "long")
    finally:
        if not folder:
            shutil.rmtree(root)


def beside(root: Path, count: int, seconds: float, stack: ExitStack) -> None:
    """Compare the servers."""
    from alamire.images.static import write_level0

    root.chmod(0o755)
    archive, identifiers = make_archive(root, count, *SIZE)
    port, other, first, second = (free_port() for _ in range(4))
    (root / "nginx.conf").write_text(NGINX.format(root=root, port=other, first=first, second=second))
    stack.enter_context(running(ours(archive, port), port))
    pages = warmed(port, archive, identifiers)
    for page in pages:
        if not (root / "static" / page.identifier).exists():
            write_level0(page.pyramid, root / "static" / page.identifier, "http://localhost")
    os.environ |= {"VERBOSITY": "0", "LOGFILE": str(root / "iip.log"), "JPEG_QUALITY": "85"}
    for number in (first, second):
        stack.enter_context(running(iipsrv(number), number))
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    stack.enter_context(running(["nginx", "-c", str(root / "nginx.conf"), *user], other))
    ports = {"alamire": port, "alamire 2.1": port, "iipsrv": other, "nginx": other}
    tiles = tile_paths(pages, 8000)
    pick = random.Random(13)
    again = [f"full/{width},/0/default.jpg" for width in (100, 200, 300, 400, 1000) for _ in range(40)]
    new = [f"full/{pick.randint(1025, 1100)},/0/default.jpg" for _ in range(2000)]
    files = [page.pyramid for page in pages]
    warm = compare(root, ports, tiles, seconds, "tiles, warm")
    cold = compare(root, ports, {k: v for k, v in tiles.items() if k in ("alamire", "iipsrv")}, seconds,
                   "tiles, cold at the beginning", cold=files)  # fmt: skip
    made = compare(root, ports, both(pages, new), seconds, "pages at about 1,060 px, never kept")
    kept = compare(
        root, ports, both(pages, again), seconds, "thumbnails and pages at 1,000 px, as viewers ask"
    )
    free = compare(root, ports, both(pages, regions(4000)), seconds, "regions that are no tiles")
    print("\ntiles while twenty thumbnails are being made")
    load = under_thumbnails(root, port, tiles["alamire"], pages, seconds)
    print(f"  {load.rate:,.0f}/s, p50 {load.middle:.2f} ms, p99 {load.slow:.2f} ms (aim 20)\n\nratios")
    ratio("tiles / iipsrv", warm["alamire"].rate / warm["iipsrv"].rate, 8)
    ratio("tiles / nginx with files", warm["alamire"].rate / warm["nginx"].rate, 0.3)
    ratio("tiles, cold / iipsrv", cold["alamire"].rate / cold["iipsrv"].rate, 1)
    ratio("thumbnails, never kept / iipsrv", made["alamire"].rate / made["iipsrv"].rate, 1.5)
    ratio("thumbnails, as viewers ask / iipsrv", kept["alamire"].rate / kept["iipsrv"].rate, 1.5)
    ratio("regions / iipsrv", free["alamire"].rate / free["iipsrv"].rate, 0.9)


def memory(root: Path, scans: int = 500, requests: int = 200_000) -> None:
    """Print the memory and the open files of the workers over many requests on many scans."""
    root.mkdir(exist_ok=True)
    archive, identifiers = make_archive(root, scans, 1300, 1700)
    port = free_port()
    with running(ours(archive, port), port) as server:
        pages = warmed(port, archive, identifiers)
        urls = tile_paths(pages, 20_000)["alamire"]
        urls += both(pages, [f"full/{width},/0/default.jpg" for width in (90, 300, 700) for _ in range(500)])[
            "alamire"
        ]
        random.Random(2).shuffle(urls)
        done, shown = 0.0, 0
        print(f"\nmemory, {scans} scans")
        while done < requests:
            done += drawn(root, port, urls, 2).rate * 2
            if done >= shown * requests / 8:
                shown += 1
                print(f"  {done:9,.0f} requests  {workers(server.pid)}")


def workers(parent: int) -> str:
    """Return the memory and the number of open files of each worker."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = []
    for child in children:
        status = dict(line.split(":", 1) for line in Path(f"/proc/{child}/status").read_text().splitlines())
        files = len(list(Path(f"/proc/{child}/fd").iterdir()))
        if "resource_tracker" not in Path(f"/proc/{child}/cmdline").read_text():
            found.append(f"{int(status['VmRSS'].split()[0]) / 1024:.0f} MiB, {files} files")
    return "; ".join(found)


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("-")]
    main(
        int(given[0]) if given else 12,
        float(given[1]) if given[1:] else 3,
        *map(Path, given[2:3]),
        long="--long" in sys.argv,
    )

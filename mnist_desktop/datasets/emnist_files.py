"""EMNIST: one archive at its publisher's, thirty files on the disk.

The MD5 of its files are those that Deeplearning4j and the package mnists list; ten of them were
compared with the files themselves.
"""

from __future__ import annotations

from mnist_desktop.datasets.published import Member, Published, PublishedFile, Split

ARCHIVED = "https://web.archive.org/web/2023id_/"
"""The Internet Archive's copy of an address, as it was fetched ("id_"), nearest to that year."""

# Name: images in train and test (Cohen et al. 2017, table II), and the MD5 of the mapping file, of
# the training images and labels, and of the test images and labels.
_EMNIST: dict[str, tuple[int, int, tuple[str, str, str, str, str]]] = {
    "byclass": (
        697_932,
        116_323,
        (
            "0af0d73f3862db7e9ebf7e9a3a1bbb89",
            "712dda0bd6f00690f32236ae4325c377",
            "ee299a3ee5faf5c31e9406763eae7e43",
            "1435209e34070a9002867a9ab50160d7",
            "7a0f934bd176c798ecba96b36fda6657",
        ),
    ),
    "bymerge": (
        697_932,
        116_323,
        (
            "bb73f9aba4fe795f46b3d8434b89af4a",
            "4a792d4df261d7e1ba27979573bf53f3",
            "491be69ef99e1ab1f5b7f9ccc908bb26",
            "8eb5d34c91f1759a55831c37ec2a283f",
            "c13f4cd5211cdba1b8fa992dae2be992",
        ),
    ),
    "balanced": (
        112_800,
        18_800,
        (
            "bb73f9aba4fe795f46b3d8434b89af4a",
            "4041b0d6f15785d3fa35263901b5496b",
            "7a35cc7b2b7ee7671eddf028570fbd20",
            "6818d20fe2ce1880476f747bbc80b22b",
            "acd3694070dcbf620e36670519d4b32f",
        ),
    ),
    "letters": (
        124_800,
        20_800,
        (
            "324b2db49b0cae76e4c134aa11ad2ca6",
            "8795078f199c478165fe18db82625747",
            "c16de4f1848ddcdddd39ab65d2a7be52",
            "382093a19703f68edac6d01b8dfdfcad",
            "d4108920cd86601ec7689a97f2de7f59",
        ),
    ),
    "digits": (
        240_000,
        40_000,
        (
            "c441738b2cdb8603fa91aa5a8e97573b",
            "d2662ecdc47895a6bbfce25de9e9a677",
            "2223fcfee618ac9c89ef20b6e48bcf9e",
            "a159b8b3bd6ab4ed4793c1cb71a2f5cc",
            "8afde66ea51d865689083ba6bb779fac",
        ),
    ),
    "mnist": (
        60_000,
        10_000,
        (
            "c441738b2cdb8603fa91aa5a8e97573b",
            "3663598a39195d030895b6304abb5065",
            "6c092f03c9bb63e678f80f8bc605fe37",
            "fb51b6430fc4dd67deaada1bf25d4524",
            "ae7f6be798a9a5d5f2bd32e078a402dd",
        ),
    ),
}
_MAPPING_BYTES = 4096  # the longest has 447
_PIXELS = 28 * 28
_HEADER_BYTES = 16


def _emnist_members() -> tuple[Member, ...]:
    """Return the thirty files of EMNIST's archive that are kept."""
    members = []
    for name, (train, test, (mapping, *sums)) in _EMNIST.items():
        members.append(Member(f"emnist-{name}-mapping.txt", mapping, _MAPPING_BYTES))
        kinds = [
            (f"{split}-{kind}", count * pixels + _HEADER_BYTES)
            for split, count in (("train", train), ("test", test))
            for kind, pixels in (("images-idx3", _PIXELS), ("labels-idx1", 1))
        ]
        for (kind, most), md5 in zip(kinds, sums, strict=True):
            members.append(Member(f"emnist-{name}-{kind}-ubyte.gz", md5, most))
    return tuple(members)


EMNIST = Published(
    key="emnist",
    title="EMNIST",
    what="Handwritten letters and digits, six ways to split them",
    images=814_255,
    classes="10 to 62",
    licence="no licence stated",
    publisher="https://www.nist.gov/itl/products-and-services/emnist-dataset",
    files=(
        PublishedFile(
            "gzip.zip",
            561_753_746,
            "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
        ),
    ),
    mirrors=(
        "https://biometrics.nist.gov/cs_links/EMNIST/",
        "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
        f"{ARCHIVED}https://biometrics.nist.gov/cs_links/EMNIST/",
    ),
    splits=tuple(
        Split(f"{name} · {split}", f"emnist-{name}-{split}-images-idx3-ubyte.gz", count)
        for name in ("balanced", "letters", "digits", "mnist", "byclass", "bymerge")
        for split, count in zip(("train", "test"), _EMNIST[name][:2], strict=True)
    ),
    members=_emnist_members(),
    prefix="gzip/",
)

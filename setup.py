"""The one thing pyproject.toml cannot say yet: the C extension. All else is there."""

from pathlib import Path

from setuptools import Extension, setup

FASTPATH = Path("server/sfu/fastpath")

setup(
    ext_modules=[
        Extension(
            "server.sfu.fastpath._native",
            sources=sorted(str(path) for path in FASTPATH.rglob("*.c")),
            depends=sorted(str(path) for path in FASTPATH.rglob("*.h")),
            include_dirs=[str(FASTPATH)],
            define_macros=[("_GNU_SOURCE", "1")],
            extra_compile_args=["-std=c11", "-O2", "-fvisibility=hidden", "-Wall", "-Wextra"],
            libraries=["m", "pthread"],
            optional=True,  # without a compiler it is left out, and the Python backend is used
        )
    ]
)

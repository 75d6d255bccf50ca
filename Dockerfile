# The server, `live-translate serve`, for a CPU or, with `--build-arg VARIANT=cuda`, an NVIDIA GPU.
# Packages are those of requirements/, by their hashes. Models are not in the image: the server
# fetches them into /models when it first starts. It does not start without LIVE_TRANSLATE_TOKEN.
ARG VARIANT=cpu

FROM python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d AS base-cpu
RUN touch /etc/live-translate.toml

# CTranslate2 looks for CUDA 12's cuBLAS; Kokoro and the compact translator stay on the CPU.
FROM nvidia/cuda:12.6.3-runtime-ubuntu24.04@sha256:2c8193530ecc423e0f123d0c85b68a15d1395adcddabfc943e2523dbfde172e1 AS base-cuda
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 python3-venv \
  && rm -rf /var/lib/apt/lists/* \
  && printf '[asr]\ndevice = "cuda"\n\n[mt]\ndevice = "cuda"\n' > /etc/live-translate.toml

# hadolint ignore=DL3006
FROM base-${VARIANT} AS build
WORKDIR /src
COPY requirements/build.txt requirements/serve.txt requirements/
# Two environments: what builds does not get into the image. pip does: where Hugging Face cannot be
# reached, models come from package registries.
RUN python3 -m venv /build \
  && python3 -m venv /opt/live-translate \
  && /build/bin/pip install --no-cache-dir --no-deps --no-build-isolation --require-hashes \
    --requirement requirements/build.txt \
  && /opt/live-translate/bin/pip install --no-cache-dir --no-deps \
    --only-binary :all: --require-hashes --requirement requirements/serve.txt
COPY pyproject.toml README.md LICENSE ./
COPY benchmarks/samples/two_cities.flac benchmarks/samples/
COPY models/manifest.toml models/
COPY models/compact-en-es models/compact-en-es
COPY configs configs
COPY live_translator live_translator
RUN /build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --no-index --wheel-dir /dist . \
  && /opt/live-translate/bin/pip install --no-cache-dir --no-deps \
    --no-index /dist/*.whl

# hadolint ignore=DL3006
FROM base-${VARIANT} AS server
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends apertium apertium-eng-spa \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin live \
  && install --directory --owner live --group live /models
COPY --from=build /opt/live-translate /opt/live-translate
ENV PATH=/opt/live-translate/bin:$PATH \
  PYTHONDONTWRITEBYTECODE=1 \
  PYTHONUNBUFFERED=1 \
  LIVE_TRANSLATE_MODELS=/models
USER 10001
VOLUME /models
EXPOSE 8765
# Ready is 200, loading 503. The first start fetches models.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15m --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8765/health', timeout=4)"]
ENTRYPOINT ["live-translate", "serve", "--host", "0.0.0.0", "--yes", "--config", "/etc/live-translate.toml"]

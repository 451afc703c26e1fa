# One image for set-up, web processes and worker; docker-compose.yml says which runs what.

FROM node:24-slim AS browser
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.13-slim AS packages
RUN pip install --no-cache-dir "uv>=0.9,<1"
WORKDIR /app
COPY pyproject.toml uv.lock ./
# All that is optional too: search by meaning, noun phrases, fitted repetition, reports to Sentry, and
# voices.
RUN UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never uv sync --frozen --no-cache --no-default-groups \
    --group postgres --group vectors --group phrases --group optimizer --group sentry \
    --group voices

FROM python:3.13-slim
# They speak podcasts in languages that the better voices don't know.
RUN apt-get update && apt-get install -y --no-install-recommends flite espeak-ng \
    && rm -rf /var/lib/apt/lists/*
# A new named volume takes over the owner of the folder it covers.
RUN useradd --system --no-log-init --uid 10001 --user-group --home-dir /data quizgame \
    && install -d -o quizgame -g quizgame /data
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY --from=browser /app/frontend/dist frontend/dist
COPY manage.py ./
COPY quizgame quizgame
COPY lessons lessons
COPY games games
# The code belongs to root and can't be written; what is kept is in /data.
RUN python -m compileall -q quizgame lessons games
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
USER quizgame
EXPOSE 8000

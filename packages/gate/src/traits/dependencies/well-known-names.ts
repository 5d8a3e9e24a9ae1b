/**
 * Names of packages that very many others depend on: what a look-alike is made to be mistaken for. Being listed earns a
 * package nothing but that it is no look-alike of another listed one. Targets of published typosquats (npm's and PyPI's
 * security notices since 2017; Taylor et al., "SpellBound", 2020, on which names are worth imitating), and names at the
 * top of each registry's own counts of dependents.
 * @module
 */

import type { Ecosystem } from "./declared/declared.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const WELL_KNOWN: Partial<Readonly<Record<Ecosystem, ReadonlySet<string>>>> = {
  npm: words(`
    acorn ajv ansi-regex ansi-styles archiver async autoprefixer aws-sdk axios babel-core babel-eslint babel-loader
    babel-runtime bcrypt bignumber.js bluebird body-parser bootstrap bowser browserify buffer bunyan camelcase chai chalk
    cheerio chokidar classnames clean-css cli-table coffee-script color color-convert color-name color-string colors
    commander compression concat-stream config connect cookie cookie-parser cookies core-js core-util-is cors cross-env
    cross-fetch cross-spawn crypto-js css-loader csurf d3 date-fns dayjs debug deepmerge discord.js dotenv ejs electron
    electron-builder electron-updater elliptic enquirer es6-promise esbuild escape-html eslint ethers event-stream events
    execa express express-session extend fast-glob fastify fbjs file-loader form-data formidable fs-extra get-stream glob
    glob-parent got graceful-fs graphql grunt gulp handlebars hapi helmet history hoek html-webpack-plugin http-errors
    http-proxy husky iconv-lite immutable inherits ini inquirer ioredis is-glob is-number is-plain-object is-promise isarray
    jest joi jquery js-tokens js-yaml jsdom json5 jsonfile jsonwebtoken keccak knex koa less lodash lodash-es lodash.get
    lodash.merge lodash.template log4js loader-utils loose-envify lru-cache luxon marked meow merge micromatch mime minimatch
    minimist mkdirp mocha moment moment-timezone mongodb mongoose morgan ms multer mysql mysql2 nanoid native-request next
    node-fetch node-forge node-gyp node-ipc node-sass node-uuid nodemailer nodemon normalize-path npmlog nuxt object-assign
    once opener ora p-limit passport passport-local path-to-regexp pg picocolors pino postcss preact prettier progress
    prompts prop-types protobufjs proxy-agent pump puppeteer q qs ramda range-parser raw-body react react-dom react-is
    react-native react-redux react-router react-router-dom react-scripts readable-stream redis redux redux-thunk reflect-metadata
    regenerator-runtime request request-promise requests require-dir resolve restify rimraf rollup rxjs safe-buffer sass
    sass-loader sax secp256k1 semver sequelize serve-static sharp shelljs should signale sinon socket.io socket.io-client
    solc source-map sqlite3 source-map-support string-width strip-ansi style-loader styled-components superagent supertest
    supports-color svelte tailwindcss tar tar-fs tar-stream through through2 tmp tslib ts-loader ts-node tslint twilio
    typeorm typescript ua-parser-js uglify-js underscore undici url-loader urllib util-deprecate uuid validator vite vitest
    vue vue-router vuex warning web3 webpack webpack-cli webpack-dev-server winston ws xml2js xmlhttprequest xmlhttprequest-ssl
    yaml yargs yargs-parser yup zod zone.js`),
  python: words(`
    aiohttp alembic ansible attrs azure-core babel bcrypt beautifulsoup4 black boto boto3 botocore bs4 cachetools celery
    certifi cffi chardet charset-normalizer click colorama colorlog coverage cryptography cython dateutil decorator django
    django-rest-framework djangorestframework docker docutils fabric fastapi filelock flake8 flask flask-cors future gevent
    google-api-core greenlet grpcio gunicorn html5lib httpx idna importlib-metadata ipython isort jedi jeilyfish jellyfish
    jinja2 jmespath joblib jsonschema jupyter keras kubernetes lxml mako markdown markupsafe matplotlib mock msgpack mypy
    mysqlclient networkx nltk nose numpy oauthlib opencv-python openpyxl packaging pandas paramiko pathlib pillow pip
    pipenv platformdirs pluggy poetry pre-commit prettytable prompt-toolkit protobuf psutil psycopg2 pyasn1 pycparser
    pycrypto pycryptodome pydantic pygments pyjwt pylint pymongo pymysql pynacl pyopenssl pyparsing pyserial pytest
    pytest-cov python-dateutil python-dotenv pytorch pytz pyyaml pyzmq redis regex requests requests-oauthlib rich rsa
    s3transfer scikit-learn scipy seaborn selenium setuptools setproctitle simplejson six sklearn soupsieve sphinx sqlalchemy
    sqlparse tabulate telnet tensorflow termcolor toml tomli torch torchvision tornado tox tqdm twine typer typing-extensions
    tzdata ujson urllib3 uvicorn uvloop virtualenv waitress watchdog websocket-client websockets werkzeug wheel wrapt zipp`),
  cargo: words(`
    ahash aho-corasick anyhow async-trait base64 bincode bitflags bytes cfg-if chrono clap crossbeam crossbeam-channel
    digest either env_logger faster_log fast_log futures getrandom hashbrown hyper indexmap itertools lazy_static libc log
    memchr mio num-traits once_cell openssl parking_lot proc-macro2 quote rand rand_core rayon regex reqwest ring rust_decimal
    rustls semver serde serde_derive serde_json sha2 smallvec syn tempfile thiserror time tokio toml tracing unicode-width url
    uuid winapi windows-sys`),
  gem: words(`
    actionpack activemodel activerecord activesupport addressable atlas-client aws-sdk bcrypt bootsnap builder bundler byebug
    capybara concurrent-ruby devise diff-lcs dotenv factory_bot faraday ffi haml i18n jquery-rails json jwt kaminari loofah
    mail mime-types minitest multi_json mysql2 net-ssh nokogiri omniauth pry puma rack rack-test rails railties rake redis
    rest-client rspec rspec-core rubocop sass sidekiq simplecov sinatra sprockets strong_password thor tilt turbolinks
    tzinfo uglifier webmock zeitwerk`),
  nuget: words(`
    AutoMapper Azure.Core Castle.Core CommandLineParser Dapper EntityFramework FluentAssertions FluentValidation log4net
    MediatR Microsoft.Extensions.Logging Moq MongoDB.Driver Newtonsoft.Json NLog Npgsql NUnit Polly RestSharp Serilog
    StackExchange.Redis Swashbuckle.AspNetCore System.Text.Json xunit`),
};

/** Owners whose packages very many others depend on. npm, "scope". */
export const WELL_KNOWN_SCOPES: ReadonlySet<string> = words(`
  @angular @apollo @aws-sdk @azure @babel @commitlint @discordjs @electron @emotion @esbuild @eslint @ethersproject @fastify
  @firebase @google-cloud @grpc @hapi @heroicons @ionic @jest @jridgewell @material-ui @microsoft @mui @nestjs @next
  @nodelib @npmcli @nrwl @nuxt @octokit @opentelemetry @parcel @prisma @radix-ui @react-native @reduxjs @rollup @sentry
  @sindresorhus @solana @storybook @sveltejs @swc @tanstack @tensorflow @testing-library @types @typescript-eslint @vitejs
  @vue @webassemblyjs`);

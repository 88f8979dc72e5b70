"""The one place where everything is put together, started, and stopped in reverse."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta

import structlog
from telegram.ext import ExtBot

from bot import http, menu
from bot.app import make_application, make_bot
from bot.board import Board
from bot.broadcasting import Broadcasting
from bot.context import Tools
from bot.delivery import Delivery
from bot.drafting import Drafting
from bot.handlers import maintenance
from bot.inbox import App, Inbox
from bot.intake import Intake
from bot.links import Links
from bot.live import Live
from bot.naming import unknown_names
from bot.ordering import Ordering
from bot.outbound import Outbound
from bot.owners import OwnersChat
from bot.polling import UPDATES, poll
from bot.receipts import Receipts
from bot.reports import Reports
from bot.settings import Settings
from bot.settings import environment as read_environment
from bot.tariff import Tariff
from bot.tidying import Tidying
from bot.wire import Client, persist
from core.access import Role
from core.errors import SettingsError, StorageError
from jobs import housekeeping
from jobs.dispatcher import LocalDispatcher, lock
from jobs.story import DELIVERY
from jobs.worker import Worker
from jobs.workshop import Workshop
from media.runner import MediaRunner
from providers import catalog
from providers.base import Kit
from providers.offer import Catalog
from providers.web.wire import Web
from storage import accounts, directory
from storage.database import Database
from storage.media import MediaFolder

log = structlog.get_logger()

_DELIVERIES = 16  # sent at a time
_JOBS = 50  # of a media child, before another one takes its place
_LOCAL_LIMIT, _CLOUD_LIMIT = 2_000_000_000, 20_000_000  # bytes a bot may download
_MENUS = 2.0  # seconds after the start
_LOCAL_VIDEO, _CLOUD_VIDEO = 2_000_000_000, 50_000_000  # bytes a bot may send


def lanes(catalog: Catalog) -> dict[str, int]:
    """How many tasks may run at a time with each provider, and be sent at a time."""
    found = {DELIVERY: _DELIVERIES}
    for provider in catalog.providers.values():
        found |= provider.lanes
    return found


def make_kit(settings: Settings, environment: Mapping[str, str], runner: MediaRunner) -> Kit:
    return Kit(
        environment=environment,
        runner=runner,
        web=Web(private=settings.allow_private_hosts),
        limits=settings.limits,
        links=settings.public_url is not None,
    )


@contextmanager
def blaming(setting: str) -> Iterator[None]:
    """Turn a failure of the machine into a word on the setting that asked for it."""
    try:
        yield
    except (OSError, OverflowError, StorageError) as error:
        raise SettingsError(f"{setting}: {error}") from error


@asynccontextmanager
async def running(
    settings: Settings, environment: Mapping[str, str] | None = None
) -> AsyncIterator["asyncio.Task[None]"]:
    """Start the whole bot; gives the task that ends when the bot cannot go on.

    Providers read their variables from `environment`, by default the process's own and `.env`.
    """
    async with AsyncExitStack() as stack:
        with blaming("DATA_DIR"):
            folder = MediaFolder(settings.data_dir / "media")
        with blaming("DATABASE_URL"):
            settings.database_path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock(settings.database_path))
            database = Database(settings.database_path)
        stack.push_async_callback(database.close)
        runner = MediaRunner(seats=max(1, os.cpu_count() or 1), jobs=_JOBS)
        stack.push_async_callback(runner.close)
        variables = read_environment() if environment is None else environment
        kit = make_kit(settings, variables, runner)
        stack.push_async_callback(kit.web.close)
        models = catalog.build(kit)
        stack.push_async_callback(models.close)
        for line in unknown_names(settings, kit, models):
            log.warning("a setting without effect", reason=line)
        outbound = Outbound(settings.limits)
        bot = make_bot(settings, outbound)
        stack.push_async_callback(bot.shutdown)
        await persist(bot.initialize)
        links = None
        if settings.public_url and settings.secret_key:
            links = Links(settings.public_url, settings.secret_key.get_secret_value())
        tools = _tools(settings, database, folder, runner, models, bot, outbound, links)
        await tools.live.restore()
        await tools.owners.restore()
        await maintenance.restore(database, tools.policy)
        inbox = Inbox(database)
        app = make_application(bot, tools)
        await stack.enter_async_context(bot)  # closes its connections if Telegram refuses us
        await stack.enter_async_context(app)
        stack.push_async_callback(inbox.close)
        stack.push_async_callback(tools.board.close)
        stack.push_async_callback(tools.tidying.close)
        await inbox.start(app)
        with blaming("LISTEN"):
            server = await http.serve(settings, inbox, tools.workshop, links)
        stack.push_async_callback(server.cleanup)
        group = asyncio.create_task(_serve(settings, tools, inbox, app, bot))
        stack.push_async_callback(_end, group)
        yield group


def _tools(
    settings: Settings,
    database: Database,
    folder: MediaFolder,
    runner: MediaRunner,
    models: Catalog,
    bot: ExtBot[None],
    outbound: Outbound,
    links: Links | None,
) -> Tools:
    paid = any(model.price > 0 for model in models.models())
    policy = settings.policy(paid=paid)
    _check_default_model(settings, models)
    tariff = Tariff(models, policy.prices)
    seats = lanes(models)
    board = Board(bot, outbound, database, tariff, seats)
    owners = OwnersChat(database, settings.owners_chat, sorted(settings.admin_ids))
    reports = Reports(bot, owners, database)
    link = links.link if links else None
    receipts = Receipts(database, policy, tariff)
    delivery = Delivery(bot, board, database, receipts, tariff, link=link, reports=reports)
    workshop = Workshop(
        database=database,
        folder=folder,
        runner=runner,
        catalog=models,
        front=delivery,
        prices=policy.prices,
        link=link,
        keep_inputs=timedelta(hours=settings.keep_inputs_hours),
        keep_results=timedelta(days=settings.keep_results_days),
        largest_video=_LOCAL_VIDEO if settings.telegram_local_mode else _CLOUD_VIDEO,
    )
    worker = Worker(workshop)
    dispatcher = LocalDispatcher(
        database,
        seats,
        worker.run,
        patient=frozenset({DELIVERY}),
    )
    tidying = Tidying(bot)
    limit = _LOCAL_LIMIT if settings.telegram_local_mode else _CLOUD_LIMIT
    ordering = Ordering(
        workshop=workshop,
        policy=policy,
        tariff=tariff,
        dispatcher=dispatcher,
        intake=Intake(bot, workshop, limit=limit),
    )
    return Tools(
        settings=settings,
        policy=policy,
        workshop=workshop,
        dispatcher=dispatcher,
        worker=worker,
        board=board,
        delivery=delivery,
        ordering=ordering,
        drafting=Drafting(bot, workshop, ordering, tidying),
        live=Live(workshop, policy, dispatcher),
        broadcasting=Broadcasting(bot, outbound, database),
        reports=reports,
        owners=owners,
        tariff=tariff,
        tidying=tidying,
    )


def _check_default_model(settings: Settings, models: Catalog) -> None:
    wanted = settings.default_model
    if wanted != "auto" and models.model(wanted) is None:
        offered = ", ".join(model.model for model in models.models())
        raise SettingsError(f"DEFAULT_MODEL: {wanted} is not offered; possible: auto, {offered}")


async def _serve(settings: Settings, tools: Tools, inbox: Inbox, app: App, bot: Client) -> None:
    """Everything that runs as long as the bot does; the first failure ends all."""
    await tools.board.resume()
    async with asyncio.TaskGroup() as group:
        group.create_task(tools.dispatcher.serve())
        group.create_task(tools.drafting.serve())
        group.create_task(housekeeping.serve(tools.workshop))
        group.create_task(tools.broadcasting.serve())
        group.create_task(_show_menus(tools, bot))
        if settings.webhook_url:
            assert settings.webhook_secret
            secret = settings.webhook_secret.get_secret_value()
            await persist(
                lambda: app.bot.set_webhook(
                    settings.webhook_url or "", secret_token=secret, allowed_updates=UPDATES
                )
            )
        else:
            await persist(app.bot.delete_webhook)
            group.create_task(poll(bot, inbox))
        log.info("ready", bot=app.bot.username, models=len(tools.workshop.catalog.models()))


async def _show_menus(tools: Tools, bot: Client) -> None:
    """Menus change rarely and hurry nobody: after a start, people's messages come first."""
    await asyncio.sleep(_MENUS)
    helpers = await tools.workshop.database.read(directory.with_role)
    staff = {one.id: accounts.rank_of(tools.policy, one) for one in helpers}
    staff |= dict.fromkeys(tools.policy.owners, Role.OWNER)
    await persist(lambda: menu.register(bot, staff, tools.owners.id))


async def _end(group: "asyncio.Task[None]") -> None:
    group.cancel()
    await asyncio.gather(group, return_exceptions=True)

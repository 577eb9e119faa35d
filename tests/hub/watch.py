"""The database itself watches that no word of the bot stands beside a person's."""

from sqlalchemy import text

from bot.bootstrap import Service

WATCH = """
CREATE TABLE spoken_beside_a_person (outbox_id bigint);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  SELECT e.kind INTO state FROM case_entries e JOIN cases c ON c.id = e.case_id
   WHERE c.conversation_id = NEW.conversation_id AND e.kind <> ALL ('{message,unclear,moved,invited}')
   ORDER BY e.id DESC LIMIT 1;
  IF state IN ('claimed', 'handed', 'taken', 'reopened') THEN
    INSERT INTO spoken_beside_a_person VALUES (NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watch AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.purpose <> 'person' AND NEW.inbox_id IS NOT NULL) EXECUTE FUNCTION watch();
"""
"""Looks when a transaction with words of the bot commits: has a person the case by then?"""


async def install_watch(service: Service) -> None:
    async with service.engine.begin() as db:
        for statement in WATCH.split(";\nCREATE"):
            await db.exec_driver_sql(statement if statement.startswith("\nCREATE") else f"CREATE{statement}")


async def bot_words_beside_a_person(service: Service) -> int:
    async with service.engine.connect() as db:
        return int(await db.scalar(text("SELECT count(*) FROM spoken_beside_a_person")) or 0)

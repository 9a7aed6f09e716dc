/* The verdict in words. */
#include "base/time.h"
#include "ledger/verify.h"

enum { US = 1000000 };

static void say_checkpoint(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	int64_t at = v->checkpoint.at / US;

	tu_buf_printf(out, "the checkpoint of record %lld (", (long long)v->checkpoint.n);
	tu_time_write(at > TU_TIME_MAX ? TU_TIME_MAX : at, out);
	tu_buf_printf(out, ", key %s)", v->checkpoint.key_id);
}

static void say_missing(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	tu_buf_printf(out, "record %lld is missing: after record %lld comes record %lld",
		(long long)v->bad, (long long)v->records, (long long)v->found);
}

static void say_order(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	tu_buf_printf(out, "after record %lld comes record %lld, expected record %lld",
		(long long)v->records, (long long)v->found, (long long)v->bad);
}

static void say_unreadable(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	char text[TU_ERROR_TEXT_MAX];

	tu_buf_printf(out, "record %lld cannot be read: %s", (long long)v->bad,
		tu_error_text(&v->error, text, sizeof(text)));
}

static void say_hash(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	tu_buf_printf(out,
		"record %lld was changed: its hash does not follow from its contents and from "
		"record %lld",
		(long long)v->bad, (long long)v->records);
}

static void say_foreign(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	tu_buf_printf(
		out, "record %lld says that the ledger is of another database", (long long)v->bad);
}

static void say_head(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	if (v->found == v->records)
		tu_buf_printf(out, "the head of the ledger has another hash than record %lld",
			(long long)v->records);
	else if (v->found < v->records)
		tu_buf_printf(out, "the head of the ledger names record %lld, but there are %lld",
			(long long)v->found, (long long)v->records);
	else
		tu_buf_printf(out,
			"the end is cut off: the head of the ledger names record %lld, the last "
			"one "
			"is record %lld",
			(long long)v->found, (long long)v->records);
}

static void say_rewritten(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	tu_buf_c(out, "the ledger was rewritten: ");
	say_checkpoint(v, out);
	tu_buf_printf(out,
		" has another hash than that record; the first changed one is among records %lld "
		"to %lld, or an older database was restored and went on from there",
		(long long)v->bad, (long long)v->checkpoint.n);
}

static void say_short(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	tu_buf_printf(out, "record %lld is missing: ", (long long)v->bad);
	say_checkpoint(v, out);
	tu_buf_printf(out,
		" is of a later one than the last, record %lld: the end was cut off, or an older "
		"database was restored",
		(long long)v->records);
}

static void say_other_chain(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	say_checkpoint(v, out);
	tu_buf_printf(out, " is of another database, instance %s", v->checkpoint.instance);
}

static void say_signature(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	say_checkpoint(v, out);
	tu_buf_c(out, " has a signature that is not valid");
}

static void say_unknown_key(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	say_checkpoint(v, out);
	tu_buf_c(out, " is signed with a key that was not given (--key)");
}

/* What is proven when nothing is wrong. */
static void say_sound(const struct tu_ledger_verdict *v, struct tu_buf *out)
{
	long long records = v->records, proven = v->proven;

	if (records == 0) {
		tu_buf_c(out, "the ledger has no record");
		return;
	}
	tu_buf_printf(out, "records 1 to %lld are a chain; ", records);
	if (proven == records)
		tu_buf_c(out, "checkpoints vouch for all of them");
	else if (proven == 0)
		tu_buf_c(out, "nothing outside vouches for it");
	else
		tu_buf_printf(out,
			"checkpoints vouch for 1 to %lld, nothing outside for the %lld after it",
			proven, records - proven);
}

static const struct {
	const char *name;
	void (*say)(const struct tu_ledger_verdict *verdict, struct tu_buf *out);
} faults[TU_LEDGER_FAULTS_] = {
	[TU_LEDGER_SOUND] = {"sound", say_sound},
	[TU_LEDGER_MISSING] = {"missing", say_missing},
	[TU_LEDGER_ORDER] = {"order", say_order},
	[TU_LEDGER_UNREADABLE] = {"unreadable", say_unreadable},
	[TU_LEDGER_HASH] = {"changed", say_hash},
	[TU_LEDGER_FOREIGN] = {"foreign", say_foreign},
	[TU_LEDGER_HEAD] = {"head", say_head},
	[TU_LEDGER_REWRITTEN] = {"rewritten", say_rewritten},
	[TU_LEDGER_SHORT] = {"short", say_short},
	[TU_LEDGER_OTHER_CHAIN] = {"other database", say_other_chain},
	[TU_LEDGER_SIGNATURE] = {"signature", say_signature},
	[TU_LEDGER_UNKNOWN_KEY] = {"unknown key", say_unknown_key},
};

const char *tu_ledger_fault_name(enum tu_ledger_fault fault)
{
	return faults[fault].name;
}

void tu_ledger_verdict_write(const struct tu_ledger_verdict *verdict, struct tu_buf *out)
{
	faults[verdict->fault].say(verdict, out);
}

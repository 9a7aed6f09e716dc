#include "ledger/verify.h"

#include <string.h>

void tu_ledger_verify_begin(struct tu_ledger_verifier *verifier, struct tu_str instance,
	const struct tu_ledger_trust *trust)
{
	*verifier = (struct tu_ledger_verifier){.instance = instance, .trust = *trust};
}

static size_t checkpoint_count(const struct tu_ledger_verifier *v)
{
	return v->trust.checkpoints ? v->trust.checkpoints->count : 0;
}

/* ---- checkpoints ---- */

/* Does a checkpoint count at all? */
static enum tu_ledger_fault examine(
	const struct tu_ledger_verifier *v, const struct tu_checkpoint *checkpoint)
{
	if (!tu_str_eq(tu_str_c(checkpoint->instance), v->instance))
		return TU_LEDGER_OTHER_CHAIN;
	for (size_t i = 0; i < v->trust.key_count; i++) {
		if (tu_checkpoint_names(checkpoint, &v->trust.keys[i]))
			return tu_checkpoint_holds(checkpoint, &v->trust.keys[i])
				? TU_LEDGER_SOUND
				: TU_LEDGER_SIGNATURE;
	}
	return TU_LEDGER_UNKNOWN_KEY;
}

/* One that does not count is reported when nothing worse is found. */
static bool counts(struct tu_ledger_verifier *v, const struct tu_checkpoint *checkpoint)
{
	enum tu_ledger_fault fault = examine(v, checkpoint);

	if (fault && !v->doubt.fault)
		v->doubt = (struct tu_ledger_verdict){.fault = fault, .checkpoint = *checkpoint};
	return fault == TU_LEDGER_SOUND;
}

static void accuse(struct tu_ledger_verifier *v, enum tu_ledger_fault fault,
	const struct tu_checkpoint *checkpoint, int64_t bad)
{
	v->verdict.fault = fault;
	v->verdict.checkpoint = *checkpoint;
	v->verdict.bad = bad;
}

/* What the checkpoints of the record that was just added say of it. */
static void compare(struct tu_ledger_verifier *v)
{
	int64_t before = v->verdict.proven;

	for (; v->next < checkpoint_count(v) && !v->verdict.fault; v->next++) {
		const struct tu_checkpoint *checkpoint = &v->trust.checkpoints->at[v->next];

		if (checkpoint->n > v->verdict.records)
			break;
		if (!counts(v, checkpoint))
			continue;
		if (memcmp(checkpoint->hash, v->hash, sizeof(v->hash)) != 0)
			accuse(v, TU_LEDGER_REWRITTEN, checkpoint, before + 1);
		else
			v->verdict.proven = checkpoint->n;
	}
}

/* ---- the chain ---- */

static bool fault(
	struct tu_ledger_verifier *v, enum tu_ledger_fault what, int64_t bad, int64_t found)
{
	v->verdict.fault = what;
	v->verdict.bad = bad;
	v->verdict.found = found;
	return false;
}

/* A record that says of which database the ledger is. */
static bool is_foreign(const struct tu_ledger_verifier *v, const struct tu_ledger_texts *texts)
{
	struct tu_str subject = texts->subject;

	return v->instance.len && tu_str_eq(texts->action, TU_STR(TU_LEDGER_BEGIN)) &&
		!(tu_str_skip(&subject, TU_STR(TU_LEDGER_INSTANCE)) &&
			tu_str_eq(subject, v->instance));
}

static enum tu_status follows(struct tu_ledger_verifier *v, const struct tu_ledger_record *record,
	bool *out_follows, struct tu_error *err)
{
	uint8_t content[TU_SHA256_BYTES], hash[TU_SHA256_BYTES];
	enum tu_status status = tu_ledger_content(&record->texts, content, err);

	*out_follows = false;
	if (status)
		return status == TU_E_SYNTAX ? TU_OK : status;
	if (tu_ledger_hash(v->hash, record->n, record->at, content, hash))
		return tu_no_memory(err);
	*out_follows = memcmp(hash, record->hash, sizeof(hash)) == 0;
	if (*out_follows)
		memcpy(v->hash, hash, sizeof(hash));
	return TU_OK;
}

static bool in_order(struct tu_ledger_verifier *v, int64_t n)
{
	int64_t expected = v->verdict.records + 1;

	if (n > expected)
		return fault(v, TU_LEDGER_MISSING, expected, n);
	return n == expected || fault(v, TU_LEDGER_ORDER, expected, n);
}

enum tu_status tu_ledger_verify_add(struct tu_ledger_verifier *v,
	const struct tu_ledger_record *record, bool *out_more, struct tu_error *err)
{
	enum tu_status status;
	bool sound;

	*out_more = false;
	if (v->verdict.fault || !in_order(v, record->n))
		return TU_OK;
	status = follows(v, record, &sound, err);
	if (status)
		return status;
	if (!sound)
		fault(v, TU_LEDGER_HASH, record->n, record->n);
	else if (is_foreign(v, &record->texts))
		fault(v, TU_LEDGER_FOREIGN, record->n, record->n);
	else
		v->verdict.records = record->n;
	if (!v->verdict.fault)
		compare(v);
	*out_more = !v->verdict.fault;
	return TU_OK;
}

void tu_ledger_verify_unreadable(struct tu_ledger_verifier *v, const struct tu_error *why)
{
	if (v->verdict.fault)
		return;
	fault(v, TU_LEDGER_UNREADABLE, v->verdict.records + 1, v->verdict.records + 1);
	v->verdict.error = *why;
}

void tu_ledger_verify_end(struct tu_ledger_verifier *v, const struct tu_ledger_head *head)
{
	int64_t records = v->verdict.records;

	if (!v->verdict.fault && head &&
		(head->n != records || memcmp(head->hash, v->hash, sizeof(v->hash)) != 0))
		fault(v, TU_LEDGER_HEAD, head->n > records ? records + 1 : records, head->n);
	for (; v->next < checkpoint_count(v) && !v->verdict.fault; v->next++) {
		const struct tu_checkpoint *checkpoint = &v->trust.checkpoints->at[v->next];

		if (counts(v, checkpoint))
			accuse(v, TU_LEDGER_SHORT, checkpoint, records + 1);
	}
	if (!v->verdict.fault && v->doubt.fault) {
		v->doubt.records = records;
		v->doubt.proven = v->verdict.proven;
		v->verdict = v->doubt;
	}
}

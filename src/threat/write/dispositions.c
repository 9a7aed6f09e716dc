#include "threat/write/dispositions.h"

#include "base/json_writer.h"
#include "base/time.h"
#include "base/vec.h"
#include "base/yaml.h"

#include <tutela/threat_rule.h>

enum { TEXT_MAX_BYTES = 1 << 20 };

/* ---- threats.yaml ---- */

static void add_key(struct tu_buf *out, const char *key)
{
	tu_buf_printf(out, "    %s: ", key);
}

static void add_text(struct tu_buf *out, const char *key, struct tu_str text)
{
	if (!text.len)
		return;
	add_key(out, key);
	tu_yaml_write_scalar(text, 6, out);
	tu_buf_byte(out, '\n');
}

/* A day where it is one, else the second. */
static void write_time(int64_t seconds, struct tu_buf *out)
{
	if (seconds % 86400 == 0)
		tu_time_write_date(seconds, out);
	else
		tu_time_write(seconds, out);
}

static void add_time(struct tu_buf *out, const char *key, int64_t seconds)
{
	if (!seconds)
		return;
	add_key(out, key);
	write_time(seconds, out);
	tu_buf_byte(out, '\n');
}

static void add_facts(struct tu_buf *out, const struct tu_texts *facts)
{
	if (!facts->count)
		return;
	add_key(out, "facts");
	for (size_t i = 0; i < facts->count; i++) {
		tu_buf_c(out, i ? ", " : "[");
		tu_json_quote(facts->at[i], out);
	}
	tu_buf_c(out, "]\n");
}

static void add_decision(const struct tu_disposition *d, struct tu_buf *out)
{
	tu_buf_c(out, "  - key: ");
	tu_yaml_write_scalar(d->key, 6, out);
	tu_buf_byte(out, '\n');
	add_text(out, "outcome", tu_str_c(tu_threat_outcome_name(d->outcome)));
	add_text(out, "by", d->by);
	add_time(out, "at", d->at);
	add_time(out, "until", d->until);
	add_text(out, "reason", d->reason);
	add_text(out, "labelling", d->labelling);
	if (d->severity != TU_HARM_UNKNOWN)
		add_text(out, "severity", tu_str_c(tu_harm_name(d->severity)));
	add_text(out, "pack", d->pack);
	add_facts(out, &d->facts);
}

enum tu_status tu_dispositions_write(
	const struct tu_dispositions *all, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_c(out,
		"# Decisions about threats: docs/formats/threat-rules.md has the format.\n"
		"schema: tutela-threats/1\n");
	tu_buf_c(out, all->count ? "decisions:\n" : "decisions: []\n");
	for (size_t i = 0; i < all->count; i++)
		add_decision(&all->at[i], out);
	return out->failed ? tu_no_memory(err) : TU_OK;
}

/* ---- one of them ---- */

enum tu_status tu_disposition_digest(const struct tu_disposition *decision,
	uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	add_decision(decision, &text);
	fine = !text.failed && tu_sha256(tu_buf_str(&text), out_digest) == TU_OK;
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

/* ---- what it is decided on by ---- */

struct taking {
	struct tu_arena *arena;
	TU_VEC(struct tu_str) facts;
	bool failed;
};

static void take(struct taking *t, struct tu_str subject, struct tu_str value)
{
	char *text = tu_arena_text(t->arena, subject.len + 1 + value.len);

	if (!text || t->failed) {
		t->failed = true;
		return;
	}
	memcpy(text, subject.ptr, subject.len);
	text[subject.len] = '=';
	if (value.len)
		memcpy(text + subject.len + 1, value.ptr, value.len);
	if (!TU_VEC_PUSH_IN(t->arena, &t->facts, tu_str_of(text, subject.len + 1 + value.len)))
		t->failed = true;
}

static const struct tu_threat_pack *pack_of(
	const struct tu_threat_input *input, const struct tu_threat *threat)
{
	for (size_t p = 0; p < input->pack_count; p++)
		for (size_t r = 0; r < input->packs[p]->rule_count; r++)
			if (&input->packs[p]->rules[r] == threat->by)
				return input->packs[p];
	return NULL;
}

static enum tu_status take_pack(struct tu_arena *arena, const struct tu_threat_pack *pack,
	struct tu_str *out, struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	*out = (struct tu_str){0};
	if (!pack)
		return TU_OK;
	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_buf_printf(&text, "%.*s@%.*s", TU_STR_FMT(pack->id), TU_STR_FMT(pack->version));
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_disposition_take_facts(struct tu_arena *arena,
	const struct tu_threat_input *input, const struct tu_threat *threat,
	struct tu_disposition *decision, struct tu_error *err)
{
	const struct tu_model *model = input->model;
	struct taking t = {.arena = arena};
	size_t flows = 0;

	for (size_t i = 0; i < threat->reasons.count; i++)
		if (!tu_str_eq(threat->reasons.at[i].subject, TU_STR("also")))
			take(&t, threat->reasons.at[i].subject, threat->reasons.at[i].value);
	for (size_t i = 0; !threat->spot.is_flow && i < model->flows_count; i++)
		if (model->flows[i].from == threat->spot.index ||
			model->flows[i].to == threat->spot.index) {
			take(&t, TU_STR("flow"), model->flows[i].id);
			flows++;
		}
	if (!threat->spot.is_flow && !flows)
		take(&t, TU_STR("flow"), TU_STR("")); /* the first one is a new one */
	if (t.failed)
		return tu_no_memory(err);
	decision->facts = (struct tu_texts){t.facts.at, t.facts.count};
	decision->severity = threat->graded ? threat->severity : TU_HARM_UNKNOWN;
	return take_pack(arena, pack_of(input, threat), &decision->pack, err);
}

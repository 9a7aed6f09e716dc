/*
 * Design models, packs of rules and decisions about threats, worked on while the n-th allocation
 * fails. A failure that takes a flow, a reason or a loss away would make a threat mitigated, or say
 * that no path is open.
 */
#define _XOPEN_SOURCE 700 /* scandir */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/threat_rule.h>
#include <tutela/threat.h>

#include "support/fault_documents.h"
#include "threat/paths.h"
#include "threat/write/dispositions.h"
#include "threat/write/write.h"

enum { NOW = 1796000000 }; /* 2026-11-30 */

/* Assets of the models of the corpus and of the example. */
static const char device_text[] =
	"family: X\nhazards: [{id: h, severity: critical}, {id: late, severity: minor}]\n"
	"assets:\n"
	" - {id: rate, function: therapy, privacy: none, hazards: [{hazard: h, on_loss_of: "
	"[integrity]}]}\n"
	" - {id: chart, privacy: serious, hazards: none, rationale: x}\n"
	" - {id: delivery, function: therapy, hazards: [h]}\n"
	" - {id: drug-library, function: dosing-configuration, hazards: [h]}\n"
	" - {id: alarms, function: alarm, hazards: [late]}\n"
	" - {id: screen, function: display, hazards: [late]}\n"
	" - {id: orders, function: communication, privacy: serious, hazards: [late]}\n"
	" - {id: update, function: update}\n"
	" - {id: log, function: log}\n";

static const char pack_text[] =
	"schema: tutela-threat-rules/1\nid: p\nversion: '1'\ntitle: T\nlicence: L\n"
	"lists:\n  bad: [none, \"no *\", \"~checked\", \"!no doubt\"]\n"
	"  good: [counter, \"session*\"]\n  remarks: [for, each]\n"
	"rules:\n"
	" - {id: A, title: a, on: flow, where: {carries: [command, therapy]},\n"
	"    weak: {any: [{freshness: $bad}, {'sender_check?': 'no'}]}, settled_by: [freshness],\n"
	"    stride: T, category: 1, question: {freshness: 'How?'}, cwe: [CWE-294], capec: "
	"[CAPEC-60]}\n"
	" - {id: B, title: b, on: element, weak: {'listener?': 'yes'}, settled_by: [resilience],\n"
	"    stride: D, category: 7, reach: forward, question: {listener: 'Is there one?'}}\n"
	" - {id: C, title: c, on: credential, weak: {scope: fleet}, settled_by: [key-scope],\n"
	"    stride: S, category: 1, reach: credential}\n"
	" - {id: D, title: d, on: component, weak: {support: ended}, settled_by: [x], stride: E,\n"
	"    category: 4, exploit: 3}\n";

static const char decided[] =
	"schema: tutela-threats/1\ndecisions:\n"
	"  - {key: A@b@f, outcome: accepted, by: x, at: 2026-01-01, until: 2027-01-01, reason: r,\n"
	"     severity: critical, pack: p@1, facts: [\"freshness=\", \"sender_check=no\"]}\n"
	"  - {key: B@a@, outcome: transferred, by: x, at: 2026-01-01, reason: r, labelling: p.4}\n"
	"  - {key: Z@a@, outcome: not-applicable, by: x, at: 2026-01-01, reason: r}\n";

static struct ready {
	const struct tu_device *device;
	const struct tu_model *model;
	const struct tu_threat_pack *pack;
	struct tu_dispositions decisions;
} ready;

static struct tu_model_source source_of(struct tu_str text)
{
	return (struct tu_model_source){TU_STR("m"), text, ready.device};
}

static bool begin_device(void *context, struct tu_arena *arena, struct tu_str text)
{
	struct ready *r = context;

	(void)text;
	return tu_device_read(arena, TU_STR("d"), tu_str_c(device_text), NULL, &r->device, NULL) ==
		TU_OK;
}

static bool begin_model(void *context, struct tu_arena *arena, struct tu_str text)
{
	struct ready *r = context;

	struct tu_model_source source;

	if (!begin_device(context, arena, text))
		return false;
	source = source_of(text);
	return tu_model_read(arena, &source, &r->model, NULL, NULL) == TU_OK;
}

static bool begin_threats(void *context, struct tu_arena *arena, struct tu_str text)
{
	struct ready *r = context;

	return begin_model(context, arena, text) &&
		tu_threat_pack_read(arena, TU_STR("p"), tu_str_c(pack_text), &r->pack, NULL) ==
		TU_OK &&
		tu_dispositions_read(arena, TU_STR("t"), tu_str_c(decided), &r->decisions, NULL) ==
		TU_OK;
}

/* ---- models ---- */

static void add_losses(struct tu_sink *out, const struct tu_model_losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		tu_buf_printf(&out->buf, "%.*s %s %.*s\n", TU_STR_FMT(losses->at[i].pointer),
			losses->at[i].kind, TU_STR_FMT(losses->at[i].message));
}

static enum tu_status write_form(struct tu_arena *arena, const struct tu_model *model,
	enum tu_model_form form, struct tu_sink *out, struct tu_error *err)
{
	struct tu_model_export export = {.arena = arena, .form = form, .device = ready.device};
	enum tu_status status = tu_model_write(model, &export, &out->buf, err);

	if (status == TU_OK)
		add_losses(out, &export.losses);
	return status;
}

/* What was read, as the neutral form has it, and what was not. */
static enum tu_status run_read(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_model_source source = source_of(text);
	const struct tu_model *model = NULL;
	struct tu_model_losses losses = {0};
	enum tu_status status = tu_model_read(arena, &source, &model, &losses, err);

	(void)context;
	if (status != TU_OK)
		return status;
	add_losses(out, &losses);
	return write_form(arena, model, TU_MODEL_FORM_NEUTRAL, out, err);
}

static enum tu_status run_write(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct ready *r = context;
	enum tu_status status = TU_OK;

	(void)text;
	for (int form = 0; form < TU_MODEL_FORMS && !status; form++)
		status = write_form(arena, r->model, (enum tu_model_form)form, out, err);
	return status;
}

/* ---- threats ---- */

static void add_lints(struct tu_sink *out, const struct tu_lints *lints)
{
	for (size_t i = 0; i < lints->count; i++)
		tu_buf_printf(&out->buf, "%s %.*s\n", lints->at[i].rule,
			TU_STR_FMT(lints->at[i].message));
}

static void add_indexes(struct tu_sink *out, struct tu_indexes indexes)
{
	for (size_t i = 0; i < indexes.count; i++)
		tu_buf_printf(&out->buf, " %u", (unsigned)indexes.at[i]);
}

static void add_threat(struct tu_sink *out, const struct tu_threat *t)
{
	tu_buf_printf(&out->buf, "%.*s %s %d %u %u %llu %.*s", TU_STR_FMT(t->key),
		tu_threat_outcome_name(t->outcome), (int)t->severity, (unsigned)t->exploit_before,
		(unsigned)t->exploit_after, (unsigned long long)t->reach, TU_STR_FMT(t->reopened));
	add_indexes(out, t->controls);
	add_indexes(out, t->path);
	for (size_t i = 0; i < t->reasons.count; i++)
		tu_buf_printf(&out->buf, " %.*s=%.*s", TU_STR_FMT(t->reasons.at[i].subject),
			TU_STR_FMT(t->reasons.at[i].value));
	tu_buf_byte(&out->buf, '\n');
}

static void add_threats(struct tu_sink *out, const struct tu_threats *found)
{
	for (size_t i = 0; i < found->count; i++)
		add_threat(out, &found->at[i]);
	for (size_t i = 0; i < found->question_count; i++)
		tu_buf_printf(&out->buf, "%.*s? %zu\n", TU_STR_FMT(found->questions[i].subject),
			found->questions[i].rules.count);
	tu_buf_printf(&out->buf, "%zu stale\n", found->stale.count);
}

static enum tu_status lint(struct tu_arena *arena, const struct tu_threat_input *input,
	struct tu_sink *out, struct tu_error *err)
{
	struct tu_lints lints = {0};
	enum tu_status status = tu_model_lint(arena, input->model, NOW, &lints, err);

	if (status == TU_OK)
		status = tu_threat_lint_words(arena, input, &lints, err);
	if (status == TU_OK)
		add_lints(out, &lints);
	return status;
}

static void add_attack(struct tu_sink *out, const struct tu_attack *attack)
{
	tu_buf_printf(&out->buf, "%u %s %llu", (unsigned)attack->target,
		tu_attack_state_name(attack->state), (unsigned long long)attack->patients);
	for (size_t i = 0; i < attack->hop_count; i++)
		tu_buf_printf(&out->buf, " >%u", (unsigned)attack->hops[i].flow);
	tu_buf_c(&out->buf, " held");
	add_indexes(out, attack->held_by);
	tu_buf_c(&out->buf, " cut");
	add_indexes(out, attack->cut);
	tu_buf_byte(&out->buf, '\n');
}

/* All targets, then one alone, which has its cut. */
static enum tu_status find_paths(struct tu_arena *arena, const struct tu_threat_input *input,
	const struct tu_threats *found, struct tu_sink *out, struct tu_error *err)
{
	const uint32_t targets[] = {TU_MODEL_NOWHERE, 0};
	enum tu_status status = TU_OK;

	for (size_t t = 0; t < TU_COUNT(targets) && !status; t++) {
		const struct tu_attack_input ask = {input, found, targets[t]};
		struct tu_attacks attacks = {0};

		status = tu_attack_paths(arena, &ask, &attacks, err);
		for (size_t i = 0; status == TU_OK && i < attacks.count; i++)
			add_attack(out, &attacks.at[i]);
	}
	return status;
}

/* By the pack of the program, which has every kind of condition, or by the small one. */
static enum tu_status run_threats(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct ready *r = context;
	const struct tu_threat_input input = {.model = r->model,
		.device = r->device,
		.packs = &r->pack,
		.pack_count = 1,
		.dispositions = r->decisions,
		.at = NOW};
	struct tu_threats found = {0};
	enum tu_status status = lint(arena, &input, out, err);

	(void)text;
	if (status == TU_OK)
		status = tu_threat_find(arena, &input, &found, err);
	if (status != TU_OK)
		return status;
	add_threats(out, &found);
	return find_paths(arena, &input, &found, out, err);
}

/* ---- packs and decisions ---- */

static void add_texts(struct tu_sink *out, const struct tu_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		tu_buf_printf(&out->buf, " %.*s", TU_STR_FMT(texts->at[i]));
}

static enum tu_status run_pack(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_threat_pack *pack = NULL;
	enum tu_status status = tu_threat_pack_read(arena, TU_STR("p"), text, &pack, err);

	(void)context;
	if (status != TU_OK)
		return status;
	tu_buf_printf(&out->buf, "%.*s %.*s\n", TU_STR_FMT(pack->id), TU_STR_FMT(pack->digest));
	for (size_t i = 0; i < pack->rule_count; i++) {
		tu_buf_printf(&out->buf, "%.*s %zu", TU_STR_FMT(pack->rules[i].id),
			pack->rules[i].question_count);
		add_texts(out, &pack->rules[i].settled_by);
		add_texts(out, &pack->rules[i].cwe);
	}
	return TU_OK;
}

static enum tu_status run_decisions(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	struct tu_dispositions read = {0};
	uint8_t digest[TU_SHA256_BYTES] = {0};
	enum tu_status status = tu_dispositions_read(arena, TU_STR("t"), text, &read, err);

	(void)context;
	if (status == TU_OK)
		status = tu_dispositions_write(&read, &out->buf, err);
	for (size_t i = 0; status == TU_OK && i < read.count; i++) {
		status = tu_disposition_digest(&read.at[i], digest, err);
		tu_sha256_write(digest, &out->buf);
	}
	return status;
}

/* What a threat is decided on by: the facts of each of them. */
static enum tu_status run_facts(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct ready *r = context;
	const struct tu_threat_input input = {
		.model = r->model, .packs = &r->pack, .pack_count = 1, .at = NOW};
	struct tu_threats found = {0};
	enum tu_status status = tu_threat_find(arena, &input, &found, err);

	(void)text;
	for (size_t i = 0; status == TU_OK && i < found.count; i++) {
		struct tu_disposition decision = {.key = found.at[i].key};

		status = tu_disposition_take_facts(arena, &input, &found.at[i], &decision, err);
		tu_buf_printf(&out->buf, "%.*s %.*s", TU_STR_FMT(decision.key),
			TU_STR_FMT(decision.pack));
		add_texts(out, &decision.facts);
	}
	return status;
}

/* ---- the jobs ---- */

#define JOB(name, least, begin, run) \
	static void name(void **state) \
	{ \
		struct work work = {begin, run, NULL, &ready, 0, 0, 0}; \
		(void)state; \
		work_in(&work, "fuzz/corpus/model"); \
		work_in(&work, "examples/infusion-pump/model.yaml"); \
		assert_int_equal(work.wrong, 0); \
		assert_true(work.documents >= (least)); \
		assert_true(work.refused > 10 * work.documents); \
	}

JOB(models_are_read, 7, begin_device, run_read)
JOB(models_are_written, 7, begin_model, run_write)
JOB(threats_and_paths_are_found, 7, begin_threats, run_threats)
JOB(facts_of_a_decision_are_taken, 7, begin_threats, run_facts)

static void packs_and_decisions_are_read(void **state)
{
	struct work packs = {NULL, run_pack, NULL, &ready, 0, 0, 0};
	struct work decisions = {NULL, run_decisions, NULL, &ready, 0, 0, 0};
	(void)state;

	work_on(&packs, "a pack", tu_str_c(pack_text));
	work_on(&decisions, "decisions", tu_str_c(decided));
	assert_int_equal(packs.wrong + decisions.wrong, 0);
	assert_int_equal(packs.documents + decisions.documents, 2);
	assert_true(packs.refused > 20 && decisions.refused > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models_are_read),
		cmocka_unit_test(models_are_written),
		cmocka_unit_test(threats_and_paths_are_found),
		cmocka_unit_test(facts_of_a_decision_are_taken),
		cmocka_unit_test(packs_and_decisions_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "app/triage.h"

enum { TEXT_MAX_BYTES = 256 << 10 };

static const struct {
	const char *name;
	bool decides;
	enum tu_claim_status status;
} states[] = {
	{"EXPLOITABLE", true, TU_CLAIM_AFFECTED},
	{"NOT_AFFECTED", true, TU_CLAIM_NOT_AFFECTED},
	{"FALSE_POSITIVE", true, TU_CLAIM_NOT_AFFECTED},
	{"RESOLVED", true, TU_CLAIM_FIXED},
	{"IN_TRIAGE", true, TU_CLAIM_UNDER_INVESTIGATION},
	{"NOT_SET", false, TU_CLAIM_UNSTATED},
};

/* The first of several is the one to write. */
static const struct {
	const char *name;
	enum tu_justification ours;
	const char *words; /* where ours has none */
} justifications[] = {
	{"NOT_SET", TU_JUSTIFY_NONE, NULL},
	{"CODE_NOT_PRESENT", TU_JUSTIFY_CODE_NOT_PRESENT, NULL},
	{"CODE_NOT_REACHABLE", TU_JUSTIFY_CODE_NOT_IN_EXECUTE_PATH, NULL},
	{"REQUIRES_CONFIGURATION", TU_JUSTIFY_NONE,
		"It can be exploited only in a configuration that is not used"},
	{"REQUIRES_DEPENDENCY", TU_JUSTIFY_NONE,
		"It can be exploited only with a dependency that is not there"},
	{"REQUIRES_ENVIRONMENT", TU_JUSTIFY_NONE,
		"It can be exploited only in an environment that is not that of the product"},
	{"PROTECTED_BY_MITIGATING_CONTROL", TU_JUSTIFY_INLINE_MITIGATIONS, NULL},
	{"PROTECTED_BY_COMPILER", TU_JUSTIFY_INLINE_MITIGATIONS, NULL},
	{"PROTECTED_AT_RUNTIME", TU_JUSTIFY_INLINE_MITIGATIONS, NULL},
	{"PROTECTED_AT_PERIMETER", TU_JUSTIFY_INLINE_MITIGATIONS, NULL},
};

static const struct {
	const char *name;
	enum tu_remediation ours;
	const char *action;
} responses[] = {
	{"NOT_SET", TU_REMEDY_UNSTATED, "No remedy is stated yet"},
	{"UPDATE", TU_REMEDY_VENDOR_FIX, "Update"},
	{"WORKAROUND_AVAILABLE", TU_REMEDY_WORKAROUND, "Use the workaround"},
	{"ROLLBACK", TU_REMEDY_MITIGATION, "Go back to an earlier version"},
	{"CAN_NOT_FIX", TU_REMEDY_NONE_AVAILABLE, "It cannot be fixed"},
	{"WILL_NOT_FIX", TU_REMEDY_NO_FIX_PLANNED, "It will not be fixed"},
};

/* ---- words ---- */

/* Rows of a table begin with their name. */
struct table {
	const char *what;
	const void *rows;
	size_t count, size;
};
#define TABLE(what, rows) \
	((struct table){what, rows, sizeof(rows) / sizeof((rows)[0]), sizeof((rows)[0])})

static const char *name_at(const struct table *table, size_t at)
{
	return *(const char *const *)(const void *)((const char *)table->rows + at * table->size);
}

/* An empty word is `otherwise`. */
static enum tu_status find(const struct table *table, struct tu_str word, size_t otherwise,
	size_t *out, struct tu_error *err)
{
	struct tu_buf list;
	enum tu_status status;

	*out = otherwise;
	if (!word.len)
		return TU_OK;
	for (size_t i = 0; i < table->count; i++)
		if (tu_str_eq(word, tu_str_c(name_at(table, i)))) {
			*out = i;
			return TU_OK;
		}
	tu_buf_init(&list, TU_ERROR_MESSAGE_MAX);
	for (size_t i = 0; i < table->count; i++)
		tu_buf_printf(&list, "%s%s", i ? ", " : "", name_at(table, i));
	if (word.len > 40)
		word.len = 40;
	status = tu_fail(err, TU_E_USAGE, 0, "%s \"%.*s\" is none of %.*s", table->what,
		TU_STR_FMT(word), TU_STR_FMT(tu_buf_str(&list)));
	tu_buf_done(&list);
	return status;
}

/* ---- texts ---- */

static bool keep(struct tu_arena *arena, struct tu_buf *text, struct tu_str *out)
{
	bool fine = !text->failed && tu_arena_dup(arena, tu_buf_str(text), out);

	tu_buf_done(text);
	return fine;
}

static void add_sentence(struct tu_buf *out, struct tu_str sentence)
{
	sentence = tu_str_trim(sentence);
	if (!sentence.len)
		return;
	tu_buf_c(out, out->len ? " " : "");
	tu_buf_str_add(out, sentence);
	if (!tu_str_ends(sentence, TU_STR(".")))
		tu_buf_byte(out, '.');
}

/* Why it is not affected. */
static bool write_impact(struct tu_arena *arena, const struct tu_triage *t, const char *requires,
	struct tu_triage_as *out)
{
	struct tu_buf text;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	if (tu_str_eq(t->state, TU_STR("FALSE_POSITIVE")))
		add_sentence(&text, TU_STR("Stated to be a false positive"));
	if (requires)
		add_sentence(&text, tu_str_c(requires));
	add_sentence(&text, t->details);
	return keep(arena, &text, &out->impact);
}

/* As it was stated, word for word, and by whom. */
static bool write_rationale(
	struct tu_arena *arena, const struct tu_triage *t, struct tu_triage_as *out)
{
	const struct {
		const char *what;
		struct tu_str word;
	} words[] = {{"state", t->state}, {"justification", t->justification},
		{"response", t->response}};
	struct tu_buf text;
	bool any = false;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_buf_c(&text, "From ");
	tu_buf_str_add(&text, t->origin);
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (!words[i].word.len || tu_str_eq(words[i].word, TU_STR("NOT_SET")))
			continue;
		tu_buf_printf(&text, "%s%s %.*s", any ? ", " : ": ", words[i].what,
			TU_STR_FMT(words[i].word));
		any = true;
	}
	tu_buf_c(&text, t->suppressed ? ", suppressed there." : ".");
	if (out->status != TU_CLAIM_NOT_AFFECTED)
		add_sentence(&text, t->details);
	if (tu_str_trim(t->comment).len) {
		tu_buf_c(&text, " Comment:");
		add_sentence(&text, t->comment);
	}
	return keep(arena, &text, &out->rationale);
}

enum tu_status tu_triage_read(struct tu_arena *arena, const struct tu_triage *t,
	struct tu_triage_as *out, struct tu_error *err)
{
	const struct table tables[] = {TABLE("the state", states),
		TABLE("the justification", justifications), TABLE("the response", responses)};
	size_t state = 0, why = 0, response = 0;
	enum tu_status status = find(&tables[0], t->state, TU_COUNT(states) - 1, &state, err);

	if (status == TU_OK)
		status = find(&tables[1], t->justification, 0, &why, err);
	if (status == TU_OK)
		status = find(&tables[2], t->response, 0, &response, err);
	if (status != TU_OK)
		return status;
	*out = (struct tu_triage_as){
		.decides = states[state].decides, .status = states[state].status};
	if (out->status == TU_CLAIM_AFFECTED) {
		out->remedy = responses[response].ours;
		out->action = tu_str_c(responses[response].action);
	}
	if (out->status == TU_CLAIM_NOT_AFFECTED) {
		out->justification = justifications[why].ours;
		if (!write_impact(arena, t, justifications[why].words, out))
			return tu_no_memory(err);
		if (!out->impact.len && !out->justification)
			return tu_fail(err, TU_E_USAGE, 0,
				"NOT_AFFECTED needs a justification, or details that say why");
	}
	return write_rationale(arena, t, out) ? TU_OK : tu_no_memory(err);
}

/* ---- back ---- */

const char *tu_triage_state(enum tu_claim_status status)
{
	for (size_t i = 0; i < TU_COUNT(states); i++)
		if (states[i].status == status)
			return states[i].name;
	return "NOT_SET";
}

const char *tu_triage_justification(enum tu_justification justification)
{
	if (justification == TU_JUSTIFY_COMPONENT_NOT_PRESENT)
		return "CODE_NOT_PRESENT";
	if (justification == TU_JUSTIFY_CODE_NOT_CONTROLLED_BY_ADVERSARY)
		return "REQUIRES_ENVIRONMENT";
	for (size_t i = 0; i < TU_COUNT(justifications); i++)
		if (justifications[i].ours == justification)
			return justifications[i].name;
	return "NOT_SET";
}

const char *tu_triage_response(enum tu_remediation remedy)
{
	for (size_t i = 0; i < TU_COUNT(responses); i++)
		if (responses[i].ours == remedy)
			return responses[i].name;
	return "NOT_SET";
}

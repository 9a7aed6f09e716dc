#include "portfolio/list_filter.h"

#include <string.h>

#include <tutela/exploited.h>

#include "base/alloc.h"
#include "base/time.h"
#include "portfolio/list_filter_inside.h"
#include "portfolio/scope.h"

enum { TERM_MAX = 200 };

/* ---- words of lists ---- */

static const char *const verdict_words[] = {"undecided", "affected", "not-affected"};
static const char *const risk_words[] = {"undecided", "controlled", "uncontrolled"};
static const char *const status_words[] = {
	"unstated", "under-investigation", "not-affected", "affected", "fixed"};
static const char *const state_words[] = {
	"not-assessed", "reopened", "proposed", "carried", "decided"};
static const char *const release_words[] = {"draft", "released", "withdrawn"};
static const char *const yes_no[] = {"yes", "no"};

enum kind { TEXT, SET, ASK, MOMENT };

/* `at`: where in struct tu_list_asked. */
static const struct list_word {
	const char *name;
	enum kind kind;
	size_t at;
	const char *const *values;
	size_t value_count;
	const char *shown, *help;
} list_words[] = {
#define AT(member) offsetof(struct tu_list_asked, member)
	{"component", TEXT, AT(unresolved.component), NULL, 0, "TEXT",
		"the name of the component begins with it"},
	{"package", TEXT, AT(unresolved.package), NULL, 0, "NAME",
		"the component is of the package of this name"},
	{"vulnerability", TEXT, AT(unresolved.vulnerability), NULL, 0, "TEXT",
		"the id of the vulnerability begins with it"},
	{"text", TEXT, AT(unresolved.text), NULL, 0, "TEXT",
		"it is in the id of the vulnerability, or in name or purl of the component"},
	{"device", TEXT, AT(device), NULL, 0, "NAME", "in this device"},
	{"release", TEXT, AT(release), NULL, 0, "VERSION", "in this release"},
	{"verdict", SET, AT(unresolved.verdicts), verdict_words, TU_COUNT(verdict_words),
		"affected, undecided", "what the matcher says"},
	{"state", SET, AT(unresolved.states), state_words, TU_COUNT(state_words),
		"not-assessed, reopened, proposed, carried, decided",
		"how far the assessment has come"},
	{"status", SET, AT(unresolved.statuses), status_words, TU_COUNT(status_words),
		"under-investigation, not-affected, affected, fixed",
		"what is decided; under-investigation where nothing is"},
	{"risk", SET, AT(unresolved.risks), risk_words, TU_COUNT(risk_words),
		"undecided, controlled, uncontrolled",
		"the risk that is decided; undecided where nothing is"},
	{"in", SET, AT(unresolved.release_states), release_words, TU_COUNT(release_words),
		"draft, released, withdrawn", "the state of the release"},
	{"deadline", ASK, AT(unresolved.deadline), yes_no, TU_COUNT(yes_no), "yes, no",
		"a deadline runs"},
	{"seen-since", MOMENT, AT(unresolved.seen_since), NULL, 0, "TIME",
		"it was first seen then or later: a date, or a time as 2026-01-31T12:00:00Z"},
	{"seen-before", MOMENT, AT(unresolved.seen_before), NULL, 0, "TIME",
		"it was first seen earlier"},
#undef AT
};

bool tu_list_word_at(size_t index, struct tu_list_word *out_word)
{
	if (index >= TU_COUNT(list_words))
		return false;
	*out_word = (struct tu_list_word){
		list_words[index].name, list_words[index].shown, list_words[index].help};
	return true;
}

/* ---- parsing ---- */

struct parser {
	struct tu_str whole;
	struct tu_list_asked *asked;
	struct tu_error *err;
};

static size_t byte_of(const struct parser *p, struct tu_str part)
{
	return (size_t)(part.ptr - p->whole.ptr);
}

static enum tu_status wrong(const struct parser *p, struct tu_str term, const char *why)
{
	size_t byte = byte_of(p, term);

	return tu_fail(p->err, TU_E_USAGE, byte, "byte %zu: \"%.*s\": %s", byte + 1,
		TU_STR_FMT(tu_str_first(term, TERM_MAX)), why);
}

/* Take the next term; false at the end. A quote that is not closed goes to the end. */
static bool next_term(struct tu_str *rest, struct tu_str *out_term, bool *out_open)
{
	size_t start = 0, end;
	bool quoted = false;

	while (start < rest->len &&
		(rest->ptr[start] == '&' || rest->ptr[start] == ' ' ||
			(rest->ptr[start] >= '\t' && rest->ptr[start] <= '\r')))
		start++;
	for (end = start; end < rest->len; end++) {
		char c = rest->ptr[end];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '&' || c == ' ' || (c >= '\t' && c <= '\r')))
			break;
	}
	*out_term = tu_str_of(rest->ptr + start, end - start);
	*out_open = quoted;
	*rest = tu_str_from(*rest, end);
	return end > start;
}

bool tu_list_filter_term(struct tu_str *rest, struct tu_str *out_term)
{
	bool open;

	return next_term(rest, out_term, &open);
}

/* The gate's own message, without its byte: that counts in the term alone. */
static enum tu_status gate_says(
	const struct parser *p, struct tu_str term, const struct tu_error *inner)
{
	const char *message = inner->message, *colon = strstr(message, ": ");

	if (strncmp(message, "byte ", 5) == 0 && colon)
		message = colon + 2;
	return wrong(p, term, message);
}

static enum tu_status no_such_word(const struct parser *p, struct tu_str term)
{
	struct tu_buf known;
	enum tu_status status;

	tu_buf_init(&known, 4096);
	tu_buf_c(&known, "no such term; there are ");
	tu_gate_list_words(TU_GATE_ASSESS, &known);
	for (size_t i = 0; i < TU_COUNT(list_words); i++)
		tu_buf_printf(&known, ", %s:", list_words[i].name);
	tu_buf_byte(&known, '\0');
	status = known.failed ? tu_no_memory(p->err) : wrong(p, term, tu_buf_str(&known).ptr);
	tu_buf_done(&known);
	return status;
}

/* `text` is what the gate reads; it may differ from the term as it was written. */
static enum tu_status add_gate_text(const struct parser *p, struct tu_str term, struct tu_str text)
{
	struct tu_gate *gate = tu_alloc(1, sizeof(*gate));
	struct tu_error inner = {0};
	enum tu_status status =
		gate ? tu_gate_parse(TU_GATE_ASSESS, text, gate, &inner) : TU_E_NOMEM;

	if (status == TU_OK)
		status = tu_list_filter_add_gate(gate, &p->asked->unresolved, &inner);
	tu_free(gate);
	if (status == TU_E_NOMEM)
		return tu_no_memory(p->err);
	return status ? gate_says(p, term, &inner) : TU_OK;
}

/* "exploited:cisa", or with the name in quotes, which the gate has not. */
static enum tu_status add_catalogue_pair(const struct parser *p, struct tu_str term,
	const struct tu_gate_word *word, struct tu_str value)
{
	const struct tu_gate_term said = {
		.word = word, .negated = tu_str_starts(term, TU_STR("!")), .name = value};
	struct tu_error inner = {0};
	uint32_t none;

	if (!term.len || term.ptr[term.len - 1] != '"')
		return add_gate_text(p, term, term); /* the gate writes it so, too */
	if (!tu_gate_value_forms[TU_GATE_CATALOGUE].parse(value, &none))
		return wrong(p, term, "expected the name of a catalogue");
	return tu_list__add_term(&said, &p->asked->unresolved, &inner) ? gate_says(p, term, &inner)
								       : TU_OK;
}

/* "kev:yes", "kev:no", "harm:>=serious". */
static enum tu_status add_gate_pair(
	const struct parser *p, struct tu_str term, struct tu_str name, struct tu_str value)
{
	const struct tu_gate_word *word = tu_gate_word_find(TU_GATE_ASSESS, name);
	bool no = tu_str_ieq(value, TU_STR("no")), plain = tu_str_ieq(value, TU_STR("yes")) || no;
	struct tu_buf text;
	enum tu_status status;

	if (!word)
		return no_such_word(p, term);
	if (!plain && word->form == TU_GATE_CATALOGUE)
		return add_catalogue_pair(p, term, word, value);
	if (tu_str_starts(term, TU_STR("!")))
		return wrong(p, term, "a term with a colon has no \"!\"");
	if (!plain && !tu_str_starts(value, TU_STR(">")))
		return wrong(p, term,
			word->form == TU_GATE_PLAIN
				? "expected yes or no"
				: "expected \">=\" and a value, as \"harm:>=serious\"");
	tu_buf_init(&text, TERM_MAX);
	tu_buf_printf(&text, "%s%s%.*s", no ? "!" : "", word->name, plain ? 0 : (int)value.len,
		value.ptr);
	status = text.failed ? wrong(p, term, "it is too long")
			     : add_gate_text(p, term, tu_buf_str(&text));
	tu_buf_done(&text);
	return status;
}

/* The index of a value; the count when it is none. */
static size_t value_of(const struct list_word *word, struct tu_str value)
{
	size_t i = 0;

	while (i < word->value_count && !tu_str_ieq(value, tu_str_c(word->values[i])))
		i++;
	return i;
}

static enum tu_status set_text(
	const struct parser *p, struct tu_str term, struct tu_str *text, struct tu_str value)
{
	if (text->len)
		return wrong(p, term, "it is asked twice");
	if (!value.len || value.len > TU_LIST_TEXT_MAX)
		return wrong(p, term, "expected a text of 1 to 200 bytes");
	if (tu_str_find(value, '"') < value.len)
		return wrong(p, term, "a text has no double quotes but around it");
	*text = value;
	return TU_OK;
}

/* In microseconds; the start of the day where it is a date. */
static enum tu_status set_moment(
	const struct parser *p, struct tu_str term, int64_t *moment, struct tu_str value)
{
	int64_t seconds = 0;

	if (*moment)
		return wrong(p, term, "it is asked twice");
	if (!tu_time_parse(value, &seconds) || seconds <= 0)
		return wrong(p, term, "expected a date, or a time as 2026-01-31T12:00:00Z");
	*moment = seconds * 1000000;
	return TU_OK;
}

static enum tu_status not_a_value(
	const struct parser *p, struct tu_str term, const struct list_word *word)
{
	struct tu_buf why;
	enum tu_status status;

	tu_buf_init(&why, TERM_MAX);
	tu_buf_printf(&why, "expected one of %s", word->shown);
	tu_buf_byte(&why, '\0');
	status = why.failed ? tu_no_memory(p->err) : wrong(p, term, tu_buf_str(&why).ptr);
	tu_buf_done(&why);
	return status;
}

/* One value, or several with commas between them: any of these. */
static enum tu_status set_of(const struct parser *p, struct tu_str term,
	const struct list_word *word, struct tu_str values)
{
	uint32_t *member = (uint32_t *)(void *)((char *)p->asked + word->at);
	uint32_t bits = 0;
	struct tu_str value;

	while (tu_str_split(&values, ',', &value)) {
		const size_t index = value_of(word, value);

		if (index == word->value_count)
			return not_a_value(p, term, word);
		bits |= TU_LIST_BIT(index);
	}
	return tu_list__narrow_set(member, bits, TU_LIST_BIT(word->value_count) - 1)
		? TU_OK
		: wrong(p, term, "it excludes what another term asks");
}

static enum tu_status set_value(const struct parser *p, struct tu_str term,
	const struct list_word *word, struct tu_str value)
{
	void *member = (char *)p->asked + word->at;
	const size_t index = value_of(word, value);

	if (word->kind == TEXT)
		return set_text(p, term, member, value);
	if (word->kind == MOMENT)
		return set_moment(p, term, member, value);
	if (word->kind == SET)
		return value.len ? set_of(p, term, word, value) : not_a_value(p, term, word);
	if (index == word->value_count)
		return not_a_value(p, term, word);
	return tu_list__narrow_ask(member, index == 1)
		? TU_OK
		: wrong(p, term, "it excludes what another term asks");
}

static struct tu_str unquoted(struct tu_str value)
{
	if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
		return tu_str_of(value.ptr + 1, value.len - 2);
	return value;
}

static enum tu_status parse_term(const struct parser *p, struct tu_str term)
{
	size_t colon = tu_str_find(term, ':'), i = 0;
	struct tu_str name = tu_str_first(term, colon), value;
	bool negated = tu_str_starts(name, TU_STR("!"));

	if (colon == term.len) {
		size_t end = 0;

		name = tu_str_from(term, negated);
		while (end < name.len && (tu_char_is_alpha(name.ptr[end]) || name.ptr[end] == '-'))
			end++;
		name = tu_str_first(name, end);
		while (i < TU_COUNT(list_words) && !tu_str_ieq(name, tu_str_c(list_words[i].name)))
			i++;
		return i < TU_COUNT(list_words) ? wrong(p, term, "it needs a value after a colon")
						: add_gate_text(p, term, term);
	}
	value = unquoted(tu_str_from(term, colon + 1));
	if (negated && !tu_str_ieq(tu_str_from(name, 1), TU_STR("exploited")))
		return wrong(p, term, "a term with a colon has no \"!\"");
	name = tu_str_from(name, negated);
	while (i < TU_COUNT(list_words) && !tu_str_ieq(name, tu_str_c(list_words[i].name)))
		i++;
	return i < TU_COUNT(list_words) ? set_value(p, term, &list_words[i], value)
					: add_gate_pair(p, term, name, value);
}

enum tu_status tu_list_filter_parse(
	struct tu_str text, struct tu_list_asked *out_asked, struct tu_error *err)
{
	const struct parser p = {text, out_asked, err};
	struct tu_str rest = text, term;
	enum tu_status status = TU_OK;
	bool open = false;

	*out_asked = (struct tu_list_asked){0};
	while (status == TU_OK && rest.len && next_term(&rest, &term, &open))
		status = open ? wrong(&p, term, "a double quote is not closed")
			      : parse_term(&p, term);
	return status;
}

/* ---- catalogues ---- */

enum tu_status tu_list_filter_check_catalogues(
	const struct tu_list_filter *filter, const struct tu_kb *kb, struct tu_error *err)
{
	struct tu_str name;
	struct tu_buf known;
	size_t i = 0;
	uint32_t at = 0;

	while (i < filter->exploited_by_count && kb &&
		tu_kb_has_catalogue(kb, filter->exploited_by[i].name))
		i++;
	if (i == filter->exploited_by_count)
		return TU_OK;
	tu_buf_init(&known, 1024);
	while (kb && tu_kb_catalogue_next(kb, &at, &name))
		if (tu_str_search(tu_buf_str(&known), name) == known.len) /* once */
			tu_buf_printf(
				&known, "%s%.*s", known.len ? ", " : "; it has ", TU_STR_FMT(name));
	(void)tu_fail(err, TU_E_USAGE, 0,
		"\"exploited:%.*s\" cannot be answered: the knowledge base has not read this "
		"catalogue%.*s",
		TU_STR_FMT(filter->exploited_by[i].name), TU_STR_FMT(tu_buf_str(&known)));
	tu_buf_done(&known);
	return TU_E_USAGE;
}

/* ---- names ---- */

static enum tu_status no_device(struct tu_str name, struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no device \"%.*s\"",
		TU_STR_FMT(tu_str_first(name, TERM_MAX)));
}

/* What is not in the scope does not exist. */
static enum tu_status find_device(struct tu_tx *tx, const struct tu_list_scope *scope,
	const struct tu_list_asked *asked, struct tu_list_resolved *out, struct tu_error *err)
{
	enum tu_status status = tu_tx_int(
		tx, TU_SQL_DEVICE_BY_NAME, TU_BIND(tu_text(asked->device)), &out->device_id, err);

	if (status == TU_E_NOTFOUND || (status == TU_OK && !tu_scope_has(scope, out->device_id)))
		return no_device(asked->device, err);
	if (status == TU_OK) {
		out->filter.device_ids = &out->device_id;
		out->filter.device_count = 1;
	}
	return status;
}

static enum tu_status find_release(struct tu_tx *tx, const struct tu_list_scope *scope,
	const struct tu_list_asked *asked, struct tu_list_resolved *out, struct tu_error *err)
{
	struct tu_rows *rows;
	size_t found = 0;
	enum tu_status status = tu_tx_query(
		tx, TU_SQL_RELEASES_OF_VERSION, TU_BIND(tu_text(asked->release)), &rows, err);

	if (status)
		return status;
	while (tu_rows_next(rows)) {
		int64_t device = tu_rows_int(rows, 1);

		if (!tu_scope_has(scope, device) || (asked->device.len && device != out->device_id))
			continue;
		out->filter.release_id = tu_rows_int(rows, 0);
		found++;
	}
	status = tu_rows_close(rows, err);
	if (!status && found != 1)
		status = tu_fail(err, found ? TU_E_USAGE : TU_E_NOTFOUND, 0,
			found ? "several devices have a release \"%.*s\": add device:NAME"
			      : "there is no release \"%.*s\"",
			TU_STR_FMT(tu_str_first(asked->release, TERM_MAX)));
	return status;
}

enum tu_status tu_list_filter_resolve(struct tu_tx *tx, const struct tu_list_scope *scope,
	const struct tu_list_asked *asked, struct tu_list_resolved *out_resolved,
	struct tu_error *err)
{
	enum tu_status status = TU_OK;

	*out_resolved = (struct tu_list_resolved){.filter = asked->unresolved};
	if (asked->device.len)
		status = find_device(tx, scope, asked, out_resolved, err);
	if (!status && asked->release.len)
		status = find_release(tx, scope, asked, out_resolved, err);
	return status;
}

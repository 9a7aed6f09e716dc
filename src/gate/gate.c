#include "gate/gate.h"

#include "gate/terms.h"

/* Byte of `part` in the whole expression. */
static size_t byte_of(struct tu_str whole, struct tu_str part)
{
	return part.ptr ? (size_t)(part.ptr - whole.ptr) : whole.len;
}

/* What is being parsed: the whole expression, and where it is wrong. */
struct parser {
	enum tu_gate_door door;
	struct tu_str whole;
	struct tu_error *err;
};

static enum tu_status missing(const struct parser *p, struct tu_str at, const char *after)
{
	size_t byte = byte_of(p->whole, at);

	return tu_fail(
		p->err, TU_E_USAGE, byte, "byte %zu: a term is missing here%s", byte + 1, after);
}

static enum tu_status no_such_term(const struct parser *p, struct tu_str text)
{
	size_t byte = byte_of(p->whole, text);
	struct tu_buf known;

	if (tu_str_find(text, '(') < text.len || tu_str_find(text, ')') < text.len)
		return tu_fail(p->err, TU_E_USAGE, byte,
			"byte %zu: no such term \"%.*s\"; there are no parentheses: write "
			"\"a&b,a&c\" for \"a and (b or c)\"",
			byte + 1, TU_STR_FMT(text));
	tu_buf_init(&known, 4096);
	tu_gate_list_words(p->door, &known);
	(void)tu_fail(p->err, TU_E_USAGE, byte, "byte %zu: no such term \"%.*s\"; there are %.*s",
		byte + 1, TU_STR_FMT(text), TU_STR_FMT(tu_buf_str(&known)));
	tu_buf_done(&known);
	return TU_E_USAGE;
}

static struct tu_str skip_blanks(struct tu_str text)
{
	struct tu_str trimmed = tu_str_trim(text);

	return tu_str_from(text, trimmed.len ? byte_of(text, trimmed) : text.len);
}

static bool is_name_char(char c)
{
	return tu_char_is_alpha(c) || c == '-';
}

/* The word that a term begins with. */
static struct tu_str name_of(struct tu_str text)
{
	size_t len = 0;

	while (len < text.len && is_name_char(text.ptr[len]))
		len++;
	return tu_str_first(text, len);
}

/* A word that takes no value. */
static enum tu_status parse_plain(
	const struct parser *p, struct tu_str text, struct tu_str rest, const char *name)
{
	bool sign = tu_str_skip(&rest, TU_STR(">=")) || tu_str_starts(rest, TU_STR(">"));
	size_t byte;

	if (!sign)
		return rest.len ? no_such_term(p, text) : TU_OK;
	rest = tu_str_trim(rest);
	byte = byte_of(p->whole, rest);
	return tu_fail(p->err, TU_E_USAGE, byte, "byte %zu: \"%s\" takes no value", byte + 1, name);
}

/* `text` is the whole term, `rest` what follows its word. */
static enum tu_status parse_value(
	const struct parser *p, struct tu_str text, struct tu_str rest, struct tu_gate_term *term)
{
	const struct tu_gate_value_form *form = &tu_gate_value_forms[term->word->form];
	const char *name = term->word->name;
	size_t byte = byte_of(p->whole, rest);

	if (!form->parse)
		return parse_plain(p, text, rest, name);
	if (!rest.len &&
		(term->word->form == TU_GATE_MAYBE_DAYS || term->word->form == TU_GATE_CATALOGUE)) {
		term->value = UINT32_MAX;
		return TU_OK;
	}
	if (!rest.len)
		return tu_fail(p->err, TU_E_USAGE, byte,
			"byte %zu: \"%s\" needs a value: \"%s%s%s\"", byte + 1, name, name,
			form->sign, form->shown);
	if (!tu_str_skip(&rest, tu_str_c(form->sign))) {
		byte = byte_of(p->whole, text);
		return tu_fail(p->err, TU_E_USAGE, byte,
			"byte %zu: no such term \"%.*s\"; there is \"%s%s%s\"", byte + 1,
			TU_STR_FMT(text), name, form->sign, form->shown);
	}
	rest = tu_str_trim(rest);
	if (term->word->form == TU_GATE_CATALOGUE)
		term->name = rest;
	if (form->parse(rest, &term->value))
		return TU_OK;
	byte = byte_of(p->whole, rest);
	return tu_fail(p->err, TU_E_USAGE, byte, "byte %zu: expected %s, not \"%.*s\"", byte + 1,
		form->wanted, TU_STR_FMT(rest));
}

static enum tu_status find_word(
	const struct parser *p, struct tu_str text, struct tu_str name, struct tu_gate_term *term)
{
	const char *where;
	size_t byte = byte_of(p->whole, text);

	term->word = tu_gate_word_find(p->door, name);
	if (!term->word)
		return no_such_term(p, text);
	where = tu_gate_elsewhere(p->door, term->word);
	return where ? tu_fail(p->err, TU_E_USAGE, byte, "byte %zu: \"%.*s\" %s", byte + 1,
			       TU_STR_FMT(text), where)
		     : TU_OK;
}

static enum tu_status parse_term(
	const struct parser *p, struct tu_str part, struct tu_gate_term *out)
{
	struct tu_str raw = skip_blanks(part), text, name;
	enum tu_status status;

	*out = (struct tu_gate_term){.negated = tu_str_skip(&raw, TU_STR("!"))};
	raw = skip_blanks(raw);
	text = tu_str_trim(raw);
	if (!text.len)
		return missing(p, out->negated ? tu_str_trim(part) : text,
			out->negated ? ", after \"!\"" : "");
	name = name_of(text);
	if (!name.len && (text.ptr[0] == '>' || text.ptr[0] == '!'))
		return missing(p, text, "");
	/* a severity stands for "at least" it */
	if (tu_gate_severity(text, &out->value))
		return find_word(p, text, TU_STR("severity"), out);
	status = find_word(p, text, name, out);
	if (status != TU_OK)
		return status;
	return parse_value(p, text, skip_blanks(tu_str_from(raw, name.len)), out);
}

static bool stands_alone(enum tu_gate_subject about)
{
	return about != TU_GATE_FINDING && about != TU_GATE_ASSESSMENT &&
		about != TU_GATE_DEADLINE && about != TU_GATE_THREAT && about != TU_GATE_POINT;
}

static enum tu_status add_term(
	const struct parser *p, struct tu_str part, struct tu_gate_rule *rule)
{
	struct tu_gate_term *term = &rule->terms[rule->term_count];
	size_t byte = byte_of(p->whole, part);
	enum tu_status status;

	if (rule->term_count == TU_GATE_TERMS_MAX)
		return tu_fail(p->err, TU_E_LIMIT, byte, "byte %zu: a rule has at most %d terms",
			byte + 1, TU_GATE_TERMS_MAX);
	status = parse_term(p, part, term);
	if (status != TU_OK)
		return status;
	if (rule->term_count++ == 0)
		rule->about = term->word->about;
	rule->names_verdict |= term->word->verdict;
	if (rule->term_count > 1 && (stands_alone(rule->about) || stands_alone(term->word->about)))
		return tu_fail(p->err, TU_E_USAGE, byte,
			"byte %zu: %s; they stand alone in their rule", byte + 1,
			p->door == TU_GATE_THREATS
				? "\"question\", \"stale\" and \"lint\" are not about threats"
				: "\"unknown\" and \"unidentified\" are about components, "
				  "\"stale\" and \"failed-source\" about sources");
	return TU_OK;
}

/* Take the part before the first "&" or "+". */
static bool split_terms(struct tu_str *rest, struct tu_str *out_part)
{
	char sign = tu_str_find(*rest, '&') < tu_str_find(*rest, '+') ? '&' : '+';

	return tu_str_split(rest, sign, out_part);
}

static enum tu_status parse_rule(
	const struct parser *p, struct tu_str text, struct tu_gate_rule *out)
{
	struct tu_str rest = text, part;
	enum tu_status status = TU_OK;

	*out = (struct tu_gate_rule){.text = tu_str_trim(text)};
	while (status == TU_OK && split_terms(&rest, &part))
		status = add_term(p, part, out);
	return status;
}

enum tu_status tu_gate_parse(
	enum tu_gate_door door, struct tu_str text, struct tu_gate *out, struct tu_error *err)
{
	const struct parser p = {door, text, err};
	struct tu_str rest = text, part;
	enum tu_status status = TU_OK;

	out->door = door;
	out->rule_count = 0;
	if (!text.len)
		return missing(&p, text, "");
	while (status == TU_OK && tu_str_split(&rest, ',', &part)) {
		size_t byte = byte_of(text, part);

		if (out->rule_count == TU_GATE_RULES_MAX)
			return tu_fail(err, TU_E_LIMIT, byte,
				"byte %zu: a gate has at most %d rules", byte + 1,
				TU_GATE_RULES_MAX);
		status = parse_rule(&p, part, &out->rules[out->rule_count++]);
	}
	return status;
}

const char *tu_gate_advice(const struct tu_gate *gate)
{
	for (size_t i = 0; i < gate->rule_count; i++)
		for (size_t k = 0; k < gate->rules[i].term_count; k++)
			if (gate->rules[i].terms[k].word->advice)
				return gate->rules[i].terms[k].word->advice;
	return NULL;
}

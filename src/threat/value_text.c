/* The normal form of values in words: value_text.h. */
#include "threat/value_text.h"

/* ---- letters ---- */

static bool ends_clause(struct tu_str text, size_t at)
{
	char c = text.ptr[at], next = at + 1 < text.len ? text.ptr[at + 1] : ' ';

	if (c == ',' || c == ';' || c == '(' || c == ')' || c == '!')
		return true;
	return (c == ':' || c == '.') && (next == ' ' || next == '_');
}

/* A dash between spaces, or one of the long ones; its bytes. */
static size_t dash_at(struct tu_str text, size_t at)
{
	struct tu_str rest = tu_str_from(text, at);

	if (tu_str_starts(rest, TU_STR("\xe2\x80\x93")) ||
		tu_str_starts(rest, TU_STR("\xe2\x80\x94")))
		return 3;
	return at && tu_str_starts(rest, TU_STR("- ")) && text.ptr[at - 1] == ' ' ? 1 : 0;
}

static char fold(char c)
{
	return c == '_' || c == ' ' || c == '\t' || c == '\n' ? '-' : tu_char_lower(c);
}

/* One byte more, never two "-" in a row. */
static size_t put(char *into, size_t len, char c)
{
	if (c == '-' && len && into[len - 1] == '-')
		return len;
	into[len] = c;
	return len + 1;
}

/* The end of a clause: ",-" in place of what is there. */
static size_t put_end(char *into, size_t len)
{
	while (len && (into[len - 1] == '-' || into[len - 1] == ','))
		len--;
	if (!len)
		return 0;
	into[len] = ',';
	into[len + 1] = '-';
	return len + 2;
}

static size_t write_letters(struct tu_str text, char *into, size_t max)
{
	size_t len = 0, dash;

	for (size_t i = 0; i < text.len && len + 2 < max; i++) {
		dash = dash_at(text, i);
		if (dash || ends_clause(text, i)) {
			len = put_end(into, len);
			i += dash ? dash - 1 : 0;
		} else if (text.ptr[i] != '"')
			len = put(into, len, fold(text.ptr[i]));
	}
	while (len && (into[len - 1] == '-' || into[len - 1] == ','))
		len--;
	return len;
}

/* ---- words ---- */

static const char *const negators[] = {"no", "not", "never", "without", "nor", "neither", "nothing",
	"nobody", "none", "non", "cannot", "hardly", NULL};

bool tu_value_is_one_of(struct tu_str word, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (tu_str_eq(word, tu_str_c(list[i])))
			return true;
	return false;
}

bool tu_value_is_negator(struct tu_str word)
{
	return tu_value_is_one_of(word, negators) || tu_str_ends(word, TU_STR("n't"));
}

bool tu_value_next_word(struct tu_str *rest, struct tu_str *word)
{
	while (rest->len && (rest->ptr[0] == '-' || rest->ptr[0] == ','))
		*rest = tu_str_from(*rest, 1);
	if (!rest->len)
		return false;
	for (word->len = 0;
		word->len < rest->len && rest->ptr[word->len] != '-' && rest->ptr[word->len] != ',';
		word->len++)
		;
	word->ptr = rest->ptr;
	*rest = tu_str_from(*rest, word->len);
	return true;
}

bool tu_value_negates(struct tu_str clause)
{
	struct tu_str word;

	while (tu_value_next_word(&clause, &word))
		if (tu_value_is_negator(word))
			return true;
	return false;
}

/* ---- words that say nothing ---- */

/* Left out before another word of their clause. */
static const char *const articles[] = {"the", "a", "an", NULL};
static const char *const joints[] = {"and", "or", "only", NULL};
/* Left out at the beginning of a clause. */
static const char *const leads[] = {"then", "so", "thus", NULL};

static bool is_idle(struct tu_str word, struct tu_str rest, bool first)
{
	struct tu_str next;

	if (!rest.len || rest.ptr[0] != '-' || !tu_value_next_word(&rest, &next))
		return false;
	return (first && tu_value_is_one_of(word, leads)) ||
		(tu_value_is_one_of(word, articles) && !tu_value_is_one_of(next, joints));
}

/* In place: it never becomes longer. */
static size_t leave_out_idle(char *into, size_t len)
{
	struct tu_str rest = tu_str_of(into, len), word;
	size_t end = 0;
	bool first = true;

	while (tu_value_next_word(&rest, &word)) {
		size_t from = (size_t)(word.ptr - into);
		bool begins = first;

		first = rest.len && rest.ptr[0] == ',';
		if (is_idle(word, rest, begins))
			continue;
		for (size_t i = 0; i < word.len; i++)
			into[end++] = into[from + i];
		if (first)
			into[end++] = ',';
		if (rest.len)
			into[end++] = '-';
	}
	while (end && (into[end - 1] == '-' || into[end - 1] == ','))
		end--;
	return end;
}

static size_t normalise(struct tu_str text, char *into, size_t max)
{
	return leave_out_idle(into, write_letters(text, into, max));
}

/* ---- what a negation of a negation says ---- */

/* "no client without a certificate", "only with a certificate": it says "certificate". */
static struct tu_str demanded(struct tu_str clause)
{
	static const char *const ways[] = {"with", "by", "via", "through", "under", NULL};
	static const char *const itself[] = {
		"one", "it", "them", "this", "exception", "exceptions", NULL};
	struct tu_str rest = clause, word, before = {0};
	size_t negators_seen = 0;

	while (tu_value_next_word(&rest, &word)) {
		bool only = tu_str_eq(before, TU_STR("only")) && before.ptr == clause.ptr;

		negators_seen += tu_value_is_negator(word);
		before = word;
		if (negators_seen > 2 || (only && !tu_value_is_one_of(word, ways)))
			return clause;
		if (only || (negators_seen == 2 && tu_str_eq(word, TU_STR("without"))))
			break;
	}
	if (tu_str_starts(rest, TU_STR("-")))
		rest = tu_str_from(rest, 1);
	if (tu_value_negates(rest) || (!rest.len && negators_seen < 2))
		return clause;
	return !rest.len || tu_value_is_one_of(rest, itself) ? TU_STR("always") : rest;
}

void tu_value_read(struct tu_str text, struct tu_value_text *out)
{
	struct tu_str all, rest;

	all = tu_str_of(out->bytes, normalise(tu_str_trim(text), out->bytes, sizeof(out->bytes)));
	out->is_cut = text.len > TU_VALUE_TEXT_MAX - 2;
	out->clause_count = 0;
	rest = all;
	while (rest.len && out->clause_count < TU_VALUE_CLAUSES_MAX) {
		size_t end = tu_str_find(rest, ',');

		if (out->clause_count + 1 == TU_VALUE_CLAUSES_MAX)
			end = rest.len;
		out->clauses[out->clause_count++] = demanded(tu_str_first(rest, end));
		rest = tu_str_from(rest, end + 2 < rest.len ? end + 2 : rest.len);
	}
	/* the first is the end of the whole, or what it demands is in its place */
	out->all =
		out->clause_count && !tu_str_starts(all, out->clauses[0]) ? out->clauses[0] : all;
}

bool tu_value_fold(struct tu_arena *arena, struct tu_str word, struct tu_str *out)
{
	char *text = tu_arena_text(arena, 2 * word.len + 3);

	*out = (struct tu_str){0};
	if (text)
		*out = tu_str_of(text, normalise(word, text, 2 * word.len + 3));
	return text != NULL;
}

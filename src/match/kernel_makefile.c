#include "match/kernel_makefile.h"

#include <tutela/buf.h>

#include "base/any.h"
#include "base/glob.h"

enum { LINE_MAX_BYTES = 1 << 20, VARIABLES_MAX = 256 };

struct variable {
	struct tu_str name, value;
	size_t times; /* assigned */
};

struct reader {
	struct tu_arena *arena;
	struct kernel_makefile *out;
	TU_VEC(struct variable) variables;
	struct tu_buf line, expanded, words;
	bool failed;
};

bool tu_match__kernel_fits(struct tu_str pattern, struct tu_str text)
{
	return tu_glob(pattern, text, false);
}

/* What did not fit was lost: of a Makefile that is not read whole, nothing may follow. */
static void clear(struct reader *r, struct tu_buf *buf)
{
	r->failed |= buf->failed;
	tu_buf_clear(buf);
}

/* ---- lines ---- */

static bool is_name_char(char c)
{
	return tu_char_is_alnum(c) || c == '_';
}

/* The next line with what continues it, without its comment. False at the end. */
static bool next_line(struct reader *r, struct tu_str *text)
{
	struct tu_str part;
	bool goes_on = true;

	clear(r, &r->line);
	if (text->len == 0)
		return false;
	while (goes_on && text->len) {
		(void)tu_str_split(text, '\n', &part);
		if (part.len && part.ptr[part.len - 1] == '\r')
			part.len--;
		goes_on = part.len && part.ptr[part.len - 1] == '\\';
		if (goes_on)
			part.len--;
		tu_buf_str_add(&r->line, part);
		tu_buf_byte(&r->line, ' ');
	}
	for (size_t i = 0; i < r->line.len; i++) {
		if (r->line.ptr[i] == '#' && (i == 0 || tu_char_is_space(r->line.ptr[i - 1])))
			r->line.len = i;
	}
	return true;
}

static struct tu_str first_word(struct tu_str line)
{
	size_t end = 0;

	while (end < line.len && !tu_char_is_space(line.ptr[end]) && line.ptr[end] != '(')
		end++;
	return tu_str_first(line, end);
}

static bool is_condition(struct tu_str word)
{
	static const struct tu_str words[] = {TU_STR_INIT("ifeq"), TU_STR_INIT("ifneq"),
		TU_STR_INIT("ifdef"), TU_STR_INIT("ifndef"), TU_STR_INIT("else"),
		TU_STR_INIT("endif")};

	return tu_str_is_any(word, words, TU_COUNT(words));
}

/* ---- values ---- */

static struct variable *variable_of(const struct reader *r, struct tu_str name)
{
	for (size_t i = 0; i < r->variables.count; i++) {
		if (tu_str_eq(r->variables.at[i].name, name))
			return &r->variables.at[i];
	}
	return NULL;
}

/* What $(NAME) stands for. */
static void put_variable(struct reader *r, struct tu_str name, struct tu_str *rest)
{
	static const struct {
		struct tu_str name;
		char text; /* 0: nothing */
	} known[] = {
		{TU_STR_INIT("srctree"), KERNEL_ROOT},
		{TU_STR_INIT("srcroot"), KERNEL_ROOT},
		{TU_STR_INIT("abs_srctree"), KERNEL_ROOT},
		{TU_STR_INIT("objtree"), KERNEL_ROOT},
		{TU_STR_INIT("src"), 0},
		{TU_STR_INIT("obj"), 0},
		{TU_STR_INIT("SRCARCH"), KERNEL_ARCH},
	};
	const struct variable *variable;

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (!tu_str_eq(name, known[i].name))
			continue;
		/* $(srctree)/$(src) is the Makefile's own folder. */
		if (known[i].text)
			tu_buf_byte(&r->expanded, known[i].text);
		else if (r->expanded.len && r->expanded.ptr[r->expanded.len - 1] == KERNEL_ROOT)
			r->expanded.len--;
		if (known[i].text != KERNEL_ARCH)
			(void)tu_str_skip(rest, TU_STR("/"));
		return;
	}
	variable = variable_of(r, name);
	if (tu_str_starts(name, TU_STR("CONFIG_")))
		tu_buf_byte(&r->expanded, ' ');
	else if (variable && variable->times == 1 && variable->value.len)
		tu_buf_str_add(&r->expanded, variable->value);
	else
		tu_buf_byte(&r->expanded, '*');
}

/* Variables in place; functions stay as "$(". */
static void expand(struct reader *r, struct tu_str text)
{
	clear(r, &r->expanded);
	while (text.len) {
		char c = text.ptr[0];
		size_t end = 2;

		if (c != '$' || text.len < 2) {
			tu_buf_byte(&r->expanded, c == '%' ? '*' : c);
			text = tu_str_from(text, 1);
			continue;
		}
		if (text.ptr[1] != '(' && text.ptr[1] != '{') {
			tu_buf_byte(&r->expanded, '*');
			text = tu_str_from(text, 2);
			continue;
		}
		while (end < text.len &&
			(is_name_char(text.ptr[end]) || text.ptr[end] == '-' ||
				text.ptr[end] == '.'))
			end++;
		if (end > 2 && end < text.len && (text.ptr[end] == ')' || text.ptr[end] == '}')) {
			struct tu_str name = tu_str_first(tu_str_from(text, 2), end - 2);

			text = tu_str_from(text, end + 1);
			put_variable(r, name, &text);
			continue;
		}
		tu_buf_c(&r->expanded, "$(");
		text = tu_str_from(text, 2);
	}
}

/* "$(addprefix P,a b)" is "Pa Pb" where nothing else is in it; `*rest` is what follows. */
static bool put_prefixed(struct reader *r, struct tu_str *rest)
{
	struct tu_str text = *rest;
	struct tu_str prefix, list, word;
	size_t comma, close;

	if (!tu_str_skip(&text, TU_STR("$(addprefix ")))
		return false;
	close = tu_str_find(text, ')');
	comma = tu_str_find(text, ',');
	if (comma > close || close == text.len ||
		tu_str_find(tu_str_first(text, close), '$') < close)
		return false;
	prefix = tu_str_trim(tu_str_first(text, comma));
	list = tu_str_first(tu_str_from(text, comma + 1), close - comma - 1);
	while (list.len && tu_str_split(&list, ' ', &word)) {
		word = tu_str_trim(word);
		if (word.len == 0)
			continue;
		tu_buf_str_add(&r->words, prefix);
		tu_buf_str_add(&r->words, word);
		tu_buf_byte(&r->words, ' ');
	}
	*rest = tu_str_from(text, close + 1);
	return true;
}

static bool is_separator(char c)
{
	return tu_char_is_space(c) || (c && strchr("(),{}:;|&'\"=", c));
}

/* The value as words between spaces. Is some of it inside a function? */
static bool separate(struct reader *r)
{
	struct tu_str text = tu_buf_str(&r->expanded);
	bool wild = false;

	for (size_t i = 0; i < r->expanded.len; i++) {
		if (r->expanded.ptr[i] == '\t')
			r->expanded.ptr[i] = ' ';
	}
	clear(r, &r->words);
	while (text.len) {
		if (text.ptr[0] == '$' && put_prefixed(r, &text))
			continue;
		if (tu_str_starts(text, TU_STR("$("))) {
			wild = true;
			text = tu_str_from(text, 1);
		}
		tu_buf_byte(&r->words, is_separator(text.ptr[0]) ? ' ' : text.ptr[0]);
		text = tu_str_from(text, 1);
	}
	return wild;
}

enum kinds { KIND_SOURCES, KIND_OBJECTS };

static bool is_of_kind(struct tu_str word, enum kinds kinds)
{
	static const struct tu_str endings[] = {TU_STR_INIT(".c"), TU_STR_INIT(".S"),
		TU_STR_INIT(".rs"), TU_STR_INIT(".o"), TU_STR_INIT(".s"), TU_STR_INIT(".lds"),
		TU_STR_INIT("/")};
	size_t count = kinds == KIND_SOURCES ? 3 : TU_COUNT(endings);

	return tu_str_ends_any(word, endings, count);
}

/* ---- statements ---- */

static void add_statement(struct reader *r, struct tu_str base, struct tu_str option,
	struct tu_str value, enum kinds kinds)
{
	TU_VEC(struct kernel_word) words = {0};
	struct kernel_statement statement = {.base = base, .option = option};
	struct tu_str text, word;
	bool wild;

	expand(r, value);
	wild = separate(r);
	text = tu_buf_str(&r->words);
	while (text.len && tu_str_split(&text, ' ', &word)) {
		struct kernel_word copy = {.wild = wild};

		if (word.len == 0 || !is_of_kind(word, kinds))
			continue;
		r->failed |= !tu_arena_dup(r->arena, word, &copy.text) ||
			!TU_VEC_PUSH_IN(r->arena, &words, copy);
	}
	if (words.count == 0)
		return;
	statement.words = words.at;
	statement.word_count = words.count;
	r->failed |= !tu_arena_dup(r->arena, base, &statement.base) ||
		!tu_arena_dup(r->arena, option, &statement.option) ||
		!TU_VEC_PUSH_IN(r->arena, &r->out->statements, statement);
}

static void add_includes(struct reader *r, struct tu_str value)
{
	struct tu_str text, word;

	expand(r, value);
	(void)separate(r);
	text = tu_buf_str(&r->words);
	while (text.len && tu_str_split(&text, ' ', &word)) {
		if (word.len)
			r->failed |= !tu_arena_dup(r->arena, word, &word) ||
				!TU_VEC_PUSH_IN(r->arena, &r->out->includes, word);
	}
}

struct assignment {
	struct tu_str name; /* up to the guard */
	struct tu_str option; /* of the guard, or empty */
	struct tu_str value;
};

static struct tu_str skip_blanks(struct tu_str s)
{
	while (s.len && tu_char_is_space(s.ptr[0]))
		s = tu_str_from(s, 1);
	return s;
}

/* "$(CONFIG_X)" or "$(subst m,y,$(CONFIG_X))". False: another variable or function. */
static bool take_guard(struct tu_str *line, struct tu_str *out_option)
{
	bool subst;
	size_t end = 0;

	if (line->len == 0 || line->ptr[0] != '$')
		return true;
	subst = tu_str_skip(line, TU_STR("$(subst m,y,"));
	if (subst)
		*line = skip_blanks(*line);
	if (!tu_str_skip(line, TU_STR("$(CONFIG_")))
		return false;
	while (end < line->len && is_name_char(line->ptr[end]))
		end++;
	*out_option = tu_str_first(*line, end);
	*line = tu_str_from(*line, end);
	return tu_str_skip(line, TU_STR(")")) && (!subst || tu_str_skip(line, TU_STR(")")));
}

static bool is_assignment(struct tu_str line, struct assignment *out)
{
	static const struct tu_str signs[] = {TU_STR_INIT("+="), TU_STR_INIT(":="),
		TU_STR_INIT("::="), TU_STR_INIT("?="), TU_STR_INIT("=")};
	size_t end = 0;

	*out = (struct assignment){0};
	line = skip_blanks(line);
	while (tu_str_skip(&line, TU_STR("export ")) || tu_str_skip(&line, TU_STR("override ")))
		line = skip_blanks(line);
	while (end < line.len && (is_name_char(line.ptr[end]) || strchr("./%-", line.ptr[end])))
		end++;
	out->name = tu_str_first(line, end);
	line = tu_str_from(line, end);
	if (!take_guard(&line, &out->option))
		return false;
	line = skip_blanks(line);
	for (size_t i = 0; i < TU_COUNT(signs); i++) {
		if (tu_str_skip(&line, signs[i])) {
			out->value = line;
			return true;
		}
	}
	return false;
}

/* "foo" of "foo-y", "foo-objs", "foo-". */
static struct tu_str base_of(struct tu_str name)
{
	static const struct tu_str endings[] = {TU_STR_INIT("-y"), TU_STR_INIT("-m"),
		TU_STR_INIT("-objs"), TU_STR_INIT("-obj"), TU_STR_INIT("-")};

	for (size_t i = 0; i < TU_COUNT(endings); i++) {
		if (tu_str_ends(name, endings[i]))
			return tu_str_first(name, name.len - endings[i].len);
	}
	return name;
}

static void read_line(struct reader *r, struct tu_str line)
{
	struct tu_str text = skip_blanks(line);
	struct tu_str word = first_word(text);
	struct assignment found;
	struct tu_str nothing = {"", 0};

	if (text.len == 0 || is_condition(word))
		return;
	if (tu_str_eq(word, TU_STR("include")) || tu_str_eq(word, TU_STR("-include")) ||
		tu_str_eq(word, TU_STR("sinclude"))) {
		add_includes(r, tu_str_from(text, word.len));
		return;
	}
	if (!is_assignment(line, &found)) {
		/* A rule names sources; an assignment to a name that is not understood may be of
		 * objects. */
		bool rule = line.ptr[0] == '\t' || tu_str_find(line, '=') == line.len;

		add_statement(r, nothing, nothing, line, rule ? KIND_SOURCES : KIND_OBJECTS);
		return;
	}
	if (tu_str_skip(&found.name, TU_STR("CONFIG_"))) {
		r->failed |= !tu_arena_dup(r->arena, found.name, &found.name) ||
			!TU_VEC_PUSH_IN(r->arena, &r->out->forced, found.name);
		return;
	}
	if (!tu_str_ends(found.name, TU_STR("-")) || found.option.len == 0)
		found.option = nothing;
	add_statement(r, base_of(found.name), found.option, found.value, KIND_OBJECTS);
}

/* Variables that are one plain word and assigned once: folders, mostly. */
static void note_variable(struct reader *r, struct tu_str line)
{
	struct assignment found;
	struct variable *known;
	struct tu_str value;

	if (!is_assignment(line, &found) || found.option.len || found.name.len == 0)
		return;
	known = variable_of(r, found.name);
	if (known) {
		known->times++;
		return;
	}
	value = tu_str_trim(found.value);
	for (size_t i = 0; i < value.len; i++) {
		if (!is_name_char(value.ptr[i]) && !strchr("./-", value.ptr[i]))
			value.len = 0;
	}
	if (r->variables.count < VARIABLES_MAX) {
		struct variable new = {.times = 1};

		r->failed |= !tu_arena_dup(r->arena, found.name, &new.name) ||
			!tu_arena_dup(r->arena, value, &new.value) ||
			!TU_VEC_PUSH_IN(r->arena, &r->variables, new);
	}
}

bool tu_match__kernel_makefile(
	struct tu_arena *arena, struct tu_str text, struct kernel_makefile *out)
{
	struct reader r = {.arena = arena, .out = out};
	struct tu_str rest = text;

	*out = (struct kernel_makefile){0};
	tu_buf_init(&r.line, LINE_MAX_BYTES);
	tu_buf_init(&r.expanded, LINE_MAX_BYTES);
	tu_buf_init(&r.words, LINE_MAX_BYTES);
	while (next_line(&r, &rest))
		note_variable(&r, tu_buf_str(&r.line));
	rest = text;
	while (!r.failed && next_line(&r, &rest))
		read_line(&r, tu_buf_str(&r.line));
	clear(&r, &r.line);
	clear(&r, &r.expanded);
	clear(&r, &r.words);
	tu_buf_done(&r.line);
	tu_buf_done(&r.expanded);
	tu_buf_done(&r.words);
	return !r.failed;
}

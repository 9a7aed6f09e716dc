/* The medical-device rubric: from answers to a vector. */
#include "score/rubric_questions.h"

const struct tu_rubric_question *tu_rubric_question_at(size_t index)
{
	return index < TU_RUBRIC_COUNT ? &tu_rubric_questions[index] : NULL;
}

static size_t find(struct tu_str id)
{
	size_t i = 0;

	while (i < TU_RUBRIC_COUNT && !tu_str_ieq(id, tu_str_c(tu_rubric_questions[i].id)))
		i++;
	return i;
}

static bool is_id(const char *then)
{
	return then[1] != '\0';
}

/* What the answer to a question leads to. */
static const char *then_of(const struct tu_rubric *rubric, size_t index)
{
	uint8_t answer = rubric->answers[index];

	return tu_rubric_questions[index]
		.then[answer == TU_RUBRIC_UNANSWERED ? TU_RUBRIC_UNKNOWN : answer];
}

bool tu_rubric_asks(const struct tu_rubric *rubric, size_t index)
{
	const struct tu_rubric_question *question = &tu_rubric_questions[index];

	if (question->first)
		return true;
	/* a question comes after the one that leads to it */
	for (size_t i = 0; i < index; i++)
		if (rubric->answers[i] != TU_RUBRIC_UNANSWERED &&
			strcmp(then_of(rubric, i), question->id) == 0 && tu_rubric_asks(rubric, i))
			return true;
	return false;
}

size_t tu_rubric_next(const struct tu_rubric *rubric)
{
	for (size_t i = 0; i < TU_RUBRIC_COUNT; i++)
		if (rubric->answers[i] == TU_RUBRIC_UNANSWERED && tu_rubric_asks(rubric, i))
			return i;
	return TU_RUBRIC_COUNT;
}

/* Where a chain of questions ends: a value of the metric. */
static char value_of(const struct tu_rubric *rubric, size_t first)
{
	const char *then = then_of(rubric, first);

	while (is_id(then))
		then = then_of(rubric, find(tu_str_c(then)));
	return then[0];
}

/* The values of each metric from the worst, in canonical order of the metrics. */
static const struct {
	const char *metric;
	const char *values;
} metrics[] = {
	{"AV", "NALP"},
	{"AC", "LH"},
	{"PR", "NLH"},
	{"UI", "NR"},
	{"S", "CU"},
	{"C", "HLN"},
	{"I", "HLN"},
	{"A", "HLN"},
};

/* Several chains of one metric (the kinds of data): the worst counts. */
static char worst_of(const struct tu_rubric *rubric, const char *metric, const char *values)
{
	const char *worst = NULL;

	for (size_t i = 0; i < TU_RUBRIC_COUNT; i++) {
		const struct tu_rubric_question *question = &tu_rubric_questions[i];
		if (!question->first || strcmp(question->metric, metric) != 0)
			continue;
		const char *at = strchr(values, value_of(rubric, i));
		if (!worst || at < worst)
			worst = at;
	}
	return worst ? *worst : values[0];
}

enum tu_status tu_rubric_score(const struct tu_rubric *rubric, enum tu_cvss_version version,
	struct tu_cvss *out_cvss, struct tu_error *err)
{
	char text[64] = "CVSS:3.x";
	size_t len = sizeof("CVSS:3.x") - 1;

	if (version != TU_CVSS_3_0 && version != TU_CVSS_3_1)
		return tu_fail(err, TU_E_USAGE, 0, "the rubric is for CVSS 3.0 and 3.1");
	text[len - 1] = version == TU_CVSS_3_0 ? '0' : '1';
	for (size_t i = 0; i < TU_COUNT(metrics); i++) {
		text[len++] = '/';
		for (const char *c = metrics[i].metric; *c; c++)
			text[len++] = *c;
		text[len++] = ':';
		text[len++] = worst_of(rubric, metrics[i].metric, metrics[i].values);
	}
	return tu_cvss_parse(tu_str_of(text, len), out_cvss, err);
}

static const char letters[] = {
	[TU_RUBRIC_UNKNOWN] = 'U', [TU_RUBRIC_YES] = 'Y', [TU_RUBRIC_NO] = 'N'};
static const char *const words[] = {
	[TU_RUBRIC_UNKNOWN] = "unknown", [TU_RUBRIC_YES] = "yes", [TU_RUBRIC_NO] = "no"};

void tu_rubric_write(const struct tu_rubric *rubric, struct tu_buf *out)
{
	const char *slash = "";

	for (size_t i = 0; i < TU_RUBRIC_COUNT; i++) {
		if (rubric->answers[i] == TU_RUBRIC_UNANSWERED || !tu_rubric_asks(rubric, i))
			continue;
		tu_buf_c(out, slash);
		tu_buf_c(out, tu_rubric_questions[i].id);
		tu_buf_byte(out, ':');
		tu_buf_byte(out, letters[rubric->answers[i]]);
		slash = "/";
	}
}

static uint8_t answer_of(struct tu_str text)
{
	for (uint8_t i = TU_RUBRIC_UNKNOWN; i < TU_RUBRIC_ANSWERS; i++)
		if (tu_str_ieq(text, tu_str_c(words[i])) ||
			tu_str_ieq(text, tu_str_of(&letters[i], 1)))
			return i;
	return TU_RUBRIC_UNANSWERED;
}

static size_t find_any(struct tu_str text, const char *any)
{
	size_t at = 0;

	while (at < text.len && !memchr(any, text.ptr[at], strlen(any)))
		at++;
	return at;
}

/* "ID:ANSWER" */
static enum tu_status parse_one(
	struct tu_rubric *rubric, struct tu_str part, size_t offset, struct tu_error *err)
{
	size_t end = find_any(part, ":= \t");
	struct tu_str id = tu_str_first(part, end);
	struct tu_str rest = tu_str_trim(tu_str_from(part, end));
	size_t index = find(id);

	if (!tu_str_skip(&rest, TU_STR(":")))
		(void)tu_str_skip(&rest, TU_STR("="));
	rest = tu_str_trim(rest);
	if (index == TU_RUBRIC_COUNT)
		return tu_fail(err, TU_E_SYNTAX, offset, "the rubric has no question \"%.*s\"",
			TU_STR_FMT(tu_str_first(id, 32)));
	if (rubric->answers[index] != TU_RUBRIC_UNANSWERED)
		return tu_fail(err, TU_E_SYNTAX, offset, "%s is answered twice",
			tu_rubric_questions[index].id);
	rubric->answers[index] = answer_of(rest);
	if (rubric->answers[index] == TU_RUBRIC_UNANSWERED)
		return tu_fail(err, TU_E_SYNTAX, offset + end,
			"%s is answered \"%.*s\": expected yes, no or unknown",
			tu_rubric_questions[index].id, TU_STR_FMT(tu_str_first(rest, 32)));
	return TU_OK;
}

enum tu_status tu_rubric_parse(
	struct tu_str text, struct tu_rubric *out_rubric, struct tu_error *err)
{
	struct tu_rubric rubric = {{0}};
	struct tu_str rest = text;
	struct tu_str line;
	struct tu_str part;
	enum tu_status status = TU_OK;

	while (status == TU_OK && tu_str_split(&rest, '\n', &line)) {
		line = tu_str_first(line, tu_str_find(line, '#'));
		while (status == TU_OK && line.len > 0 && tu_str_split(&line, '/', &part)) {
			part = tu_str_trim(part);
			if (part.len > 0)
				status = parse_one(
					&rubric, part, (size_t)(part.ptr - text.ptr), err);
		}
	}
	if (status == TU_OK)
		*out_rubric = rubric;
	return status;
}

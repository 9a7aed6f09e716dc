/* CVSS vectors: read and written by the tables of metrics. */
#include <stdio.h>

#include <tutela/buf.h>

#include "score/cvss.h"

/*
 * ---- the fast way ----
 *
 * "KEY:VALUE" has at most seven bytes, so that one word of eight contains it and the slash after
 * it: a token is one load, and name and value are parts of a register. Bytes count from the low
 * end.
 */

static inline uint64_t word_at(const char *eight)
{
	uint64_t word;

	memcpy(&word, eight, sizeof(word));
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/* The next eight bytes of a text, zeroes after its end. */
static inline uint64_t load(struct tu_str text, size_t from)
{
	size_t left = text.len - from;
	char padded[sizeof(uint64_t)] = {0};

	if (left >= sizeof(uint64_t))
		return word_at(text.ptr + from);
	if (left == 0)
		return 0;
	if (text.len >= sizeof(uint64_t))
		return word_at(text.ptr + text.len - sizeof(uint64_t)) >>
			8 * (sizeof(uint64_t) - left);
	memcpy(padded, text.ptr + from, left);
	return word_at(padded);
}

struct token {
	uint64_t word; /* zero after the token */
	size_t len; /* 8: there is no end in the word */
};

/* What comes before the next slash. */
static inline struct token token_at(struct tu_str text, size_t from)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word = load(text, from);
	uint64_t other = word ^ (ones * '/');
	/* 0x80 in the first byte that is a slash; only the first is sure */
	uint64_t slash = (other - ones) & ~other & (ones * 0x80);
	size_t left = text.len - from;

	if (slash) {
		unsigned bits = (unsigned)__builtin_ctzll(slash) & ~7u;
		return (struct token){word & ((UINT64_C(1) << bits) - 1), bits / 8};
	}
	return (struct token){word, left < sizeof(word) ? left : sizeof(word)};
}

static inline bool has_key(uint64_t word, const struct tu_cvss_metric *metric)
{
	return (word ^ word_at(metric->key)) << (64 - 8 * metric->key_len) == 0;
}

/* The metric whose name and colon a word begins with; vectors mostly keep the order of the table,
 * so the search begins after the metric before. */
static inline size_t find_metric(const struct tu_cvss_metrics *table, uint64_t word, size_t from)
{
	for (size_t i = from; i < table->count; i++)
		if (has_key(word, &table->metrics[i]))
			return i;
	for (size_t i = 0; i < from; i++)
		if (has_key(word, &table->metrics[i]))
			return i;
	return table->count;
}

static inline unsigned is_word(const struct tu_cvss_metric *metric, unsigned i, uint64_t word)
{
	return word == word_at(metric->words[i].text);
}

/* The place of a token's value in the metric's list; 0 for none. All words are compared, without a
 * branch: which one it is cannot be foretold, and a wrong guess costs more. */
static inline unsigned find_value(const struct tu_cvss_metric *metric, struct token token)
{
	_Static_assert(TU_CVSS_WORDS_MAX == 6, "as many terms as words");
	uint64_t word = token.word >> 8 * metric->key_len;

	if (word == 0)
		return 0;
	unsigned place = is_word(metric, 0, word) + 2 * is_word(metric, 1, word) +
		3 * is_word(metric, 2, word) + 4 * is_word(metric, 3, word) +
		5 * is_word(metric, 4, word) + 6 * is_word(metric, 5, word);
	/* zero bytes of the text look like its end */
	if (place && token.len != (size_t)metric->key_len + metric->words[place - 1].len)
		return 0;
	return place;
}

/* ---- the slow way: what is wrong ---- */

static struct tu_str key_of(const struct tu_cvss_metric *metric)
{
	return tu_str_of(metric->key, metric->key_len - (size_t)1);
}

static struct tu_str word_of(const struct tu_cvss_word *word)
{
	return tu_str_of(word->text, word->len);
}

/* "N, A, L or P" */
struct list {
	char text[64];
};

static struct list values_of(const struct tu_cvss_metric *metric)
{
	struct list list = {""};
	size_t len = 0;
	size_t count = 0;

	while (count < TU_CVSS_WORDS_MAX && metric->words[count].len)
		count++;
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(list.text + len, sizeof(list.text) - len, "%s%.*s",
			i == 0 ? "" : (i + 1 == count ? " or " : ", "),
			TU_STR_FMT(word_of(&metric->words[i])));
	return list;
}

static const struct tu_cvss_metric *metric_by_key(
	const struct tu_cvss_metrics *table, struct tu_str key, bool folded)
{
	for (size_t i = 0; i < table->count; i++) {
		struct tu_str name = key_of(&table->metrics[i]);
		if (folded ? tu_str_ieq(key, name) : tu_str_eq(key, name))
			return &table->metrics[i];
	}
	return NULL;
}

static const struct tu_cvss_word *word_by_text(
	const struct tu_cvss_metric *metric, struct tu_str text, bool folded)
{
	for (size_t i = 0; i < TU_CVSS_WORDS_MAX && metric->words[i].len; i++) {
		struct tu_str word = word_of(&metric->words[i]);
		if (folded ? tu_str_ieq(text, word) : tu_str_eq(text, word))
			return &metric->words[i];
	}
	return NULL;
}

/* The other version that has this metric with this value (or, with `text` NULL, this metric). */
static const struct tu_cvss_metrics *foreign(
	const struct tu_cvss_metrics *own, struct tu_str key, const struct tu_str *text)
{
	for (size_t v = TU_CVSS_2; v < TU_COUNT(tu_cvss_tables); v++) {
		const struct tu_cvss_metrics *table = &tu_cvss_tables[v];
		const struct tu_cvss_metric *metric = metric_by_key(table, key, false);
		if (table != own && metric && (!text || word_by_text(metric, *text, false)))
			return table;
	}
	return NULL;
}

/* At most this much of the input is shown. */
static struct tu_str shown(struct tu_str text)
{
	return tu_str_first(text, 24);
}

static enum tu_status wrong_name(
	const struct tu_cvss_metrics *table, struct tu_str key, size_t offset, struct tu_error *err)
{
	const struct tu_cvss_metric *folded = metric_by_key(table, key, true);
	const struct tu_cvss_metrics *other = foreign(table, key, NULL);

	if (tu_str_eq(key, TU_STR("CVSS")))
		return tu_fail(err, TU_E_SYNTAX, offset,
			"a second version prefix: expected a metric of CVSS %.*s",
			TU_STR_FMT(table->name));
	if (other)
		return tu_fail(err, TU_E_SYNTAX, offset,
			"metric %.*s is of CVSS %.*s: expected a metric of CVSS %.*s",
			TU_STR_FMT(key), TU_STR_FMT(other->name), TU_STR_FMT(table->name));
	if (folded)
		return tu_fail(err, TU_E_SYNTAX, offset,
			"metric \"%.*s\" is in the wrong case: expected %.*s", TU_STR_FMT(key),
			TU_STR_FMT(key_of(folded)));
	return tu_fail(err, TU_E_SYNTAX, offset,
		"no such metric: \"%.*s\": expected a metric of CVSS %.*s", TU_STR_FMT(shown(key)),
		TU_STR_FMT(table->name));
}

static enum tu_status wrong_value(const struct tu_cvss_metrics *table,
	const struct tu_cvss_metric *metric, struct tu_str text, size_t offset,
	struct tu_error *err)
{
	struct list values = values_of(metric);
	const struct tu_cvss_metrics *other = foreign(table, key_of(metric), &text);

	if (text.len == 0)
		return tu_fail(err, TU_E_SYNTAX, offset, "the value of %.*s is empty: expected %s",
			TU_STR_FMT(key_of(metric)), values.text);
	if (word_by_text(metric, text, true))
		return tu_fail(err, TU_E_SYNTAX, offset,
			"the value \"%.*s\" of %.*s is in the wrong case: expected %s",
			TU_STR_FMT(text), TU_STR_FMT(key_of(metric)), values.text);
	if (other)
		return tu_fail(err, TU_E_SYNTAX, offset,
			"the value \"%.*s\" of %.*s is of CVSS %.*s: expected %s", TU_STR_FMT(text),
			TU_STR_FMT(key_of(metric)), TU_STR_FMT(other->name), values.text);
	return tu_fail(err, TU_E_SYNTAX, offset, "metric %.*s has no value \"%.*s\": expected %s",
		TU_STR_FMT(key_of(metric)), TU_STR_FMT(shown(text)), values.text);
}

/* What is wrong with the metric that begins at `offset`. */
static enum tu_status wrong_metric(const struct tu_cvss_metrics *table, struct tu_str vector,
	size_t offset, struct tu_error *err)
{
	struct tu_str rest = tu_str_from(vector, offset);
	struct tu_str part = tu_str_first(rest, tu_str_find(rest, '/'));
	size_t colon = tu_str_find(part, ':');
	struct tu_str key = tu_str_first(part, colon);
	const struct tu_cvss_metric *metric = metric_by_key(table, key, false);

	if (part.len == 0)
		return tu_fail(err, TU_E_SYNTAX, offset, "%s: expected a metric of CVSS %.*s",
			rest.len ? "an empty metric before a slash" : "a slash ends the vector",
			TU_STR_FMT(table->name));
	if (!metric)
		return wrong_name(table, key, offset, err);
	if (colon == part.len)
		return tu_fail(err, TU_E_SYNTAX, offset + part.len,
			"metric %.*s has no value: expected a colon and %s", TU_STR_FMT(key),
			values_of(metric).text);
	return wrong_value(table, metric, tu_str_from(part, colon + 1), offset + colon + 1, err);
}

static enum tu_status missing(const struct tu_cvss_metrics *table, const struct tu_cvss *cvss,
	size_t offset, struct tu_error *err)
{
	size_t i = 0;

	while (i + 1 < table->base_count && cvss->values[i])
		i++;
	return tu_fail(err, TU_E_SYNTAX, offset, "base metric %.*s is missing: expected it with %s",
		TU_STR_FMT(key_of(&table->metrics[i])), values_of(&table->metrics[i]).text);
}

/* Where a metric that was read is stated first. */
static size_t place_of(struct tu_str vector, size_t from, const struct tu_cvss_metric *metric)
{
	while (!has_key(load(vector, from), metric))
		from += tu_str_find(tu_str_from(vector, from), '/') + 1;
	return from;
}

static enum tu_status twice(
	const struct tu_cvss_metric *metric, size_t first, size_t offset, struct tu_error *err)
{
	return tu_fail(err, TU_E_SYNTAX, offset,
		"metric %.*s is stated twice: expected it once (first at byte %zu)",
		TU_STR_FMT(key_of(metric)), first);
}

/* ---- parsing ---- */

/* Read "KEY:VALUE/…" from `from` on into `cvss`, over what is there; a bit a metric says which. */
static enum tu_status parse_metrics(const struct tu_cvss_metrics *table, struct tu_str vector,
	size_t from, struct tu_cvss *cvss, uint32_t *out_stated, struct tu_error *err)
{
	uint32_t stated = 0;
	size_t next = 0;

	for (size_t at = from;; at++) {
		struct token token = token_at(vector, at);
		size_t metric = find_metric(table, token.word, next);
		if (metric == table->count || token.len == sizeof(token.word))
			return wrong_metric(table, vector, at, err);
		if (stated >> metric & 1)
			return twice(&table->metrics[metric],
				place_of(vector, from, &table->metrics[metric]), at, err);
		unsigned value = find_value(&table->metrics[metric], token);
		if (!value)
			return wrong_metric(table, vector, at, err);
		cvss->values[metric] = (uint8_t)value;
		stated |= UINT32_C(1) << metric;
		at += token.len;
		next = metric + 1;
		if (at == vector.len)
			break;
	}
	*out_stated = stated;
	return TU_OK;
}

enum tu_cvss_version tu_cvss_version_of(struct tu_str vector)
{
	struct tu_str bare = vector;

	/* a prefix is one word and a slash */
	if (vector.len > sizeof(uint64_t) && vector.ptr[sizeof(uint64_t)] == '/')
		for (size_t v = TU_COUNT(tu_cvss_tables) - 1; v >= TU_CVSS_3_0; v--)
			if (word_at(vector.ptr) == word_at(tu_cvss_tables[v].prefix.ptr))
				return tu_cvss_tables[v].version;
	(void)tu_str_skip(&bare, TU_STR("("));
	if (bare.len > 0 &&
		find_metric(&tu_cvss_tables[TU_CVSS_2], load(bare, 0), 0) <
			tu_cvss_tables[TU_CVSS_2].count)
		return TU_CVSS_2;
	return TU_CVSS_NONE;
}

static enum tu_status no_version(struct tu_str vector, struct tu_error *err)
{
	static const char expected[] =
		"expected \"CVSS:4.0/…\", \"CVSS:3.1/…\", \"CVSS:3.0/…\" or, of 2.0, \"AV:…\"";
	struct tu_str rest = vector;

	if (vector.len == 0)
		return tu_fail(err, TU_E_SYNTAX, 0, "the vector is empty: %s", expected);
	if (!tu_str_skip(&rest, TU_STR("CVSS:"))) {
		if (tu_str_istarts(vector, TU_STR("cvss:")))
			return tu_fail(err, TU_E_SYNTAX, 0,
				"the prefix is in the wrong case: expected \"CVSS:\"");
		return tu_fail(err, TU_E_SYNTAX, 0, "not a CVSS vector: %s", expected);
	}
	struct tu_str version = tu_str_first(rest, tu_str_find(rest, '/'));
	for (size_t v = TU_CVSS_3_0; v < TU_COUNT(tu_cvss_tables); v++)
		if (tu_str_eq(version, tu_cvss_tables[v].name))
			return tu_fail(err, TU_E_SYNTAX, vector.len,
				"only a version: expected a slash and the metrics of CVSS %.*s",
				TU_STR_FMT(version));
	if (tu_str_eq(version, tu_cvss_tables[TU_CVSS_2].name))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"a vector of CVSS 2.0 has no prefix: expected \"AV:…\"");
	return tu_fail(err, TU_E_SYNTAX, sizeof("CVSS:") - 1,
		"no CVSS version \"%.*s\": expected 3.0, 3.1 or 4.0", TU_STR_FMT(shown(version)));
}

/* The parentheses in which 2.0's vectors are sometimes written. */
static enum tu_status unwrap(struct tu_str *vector, size_t *from, struct tu_error *err)
{
	if (vector->ptr[0] != '(')
		return TU_OK;
	if (!tu_str_ends(*vector, TU_STR(")")))
		return tu_fail(
			err, TU_E_SYNTAX, vector->len, "no closing parenthesis: expected \")\"");
	vector->len--;
	*from = 1;
	return TU_OK;
}

enum tu_status tu_cvss_parse(struct tu_str vector, struct tu_cvss *out_cvss, struct tu_error *err)
{
	enum tu_cvss_version version = tu_cvss_version_of(vector);
	const struct tu_cvss_metrics *table = &tu_cvss_tables[version];
	struct tu_cvss cvss = {.version = version};
	size_t from = table->prefix.len;
	uint32_t stated = 0;
	enum tu_status status;

	if (version == TU_CVSS_NONE)
		return no_version(vector, err);
	if (version == TU_CVSS_2) {
		status = unwrap(&vector, &from, err);
		if (status != TU_OK)
			return status;
	}
	status = parse_metrics(table, vector, from, &cvss, &stated, err);
	if (status != TU_OK)
		return status;
	uint32_t base = (UINT32_C(1) << table->base_count) - 1;
	if ((stated & base) != base)
		return missing(table, &cvss, vector.len, err);
	*out_cvss = cvss;
	return TU_OK;
}

enum tu_status tu_cvss_override(struct tu_cvss *cvss, struct tu_str metrics, struct tu_error *err)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	struct tu_cvss changed = *cvss;
	uint32_t stated = 0;
	enum tu_status status;

	if (metrics.len == 0)
		return TU_OK;
	status = parse_metrics(table, metrics, 0, &changed, &stated, err);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < table->count; i++)
		if ((stated >> i & 1) && table->metrics[i].group != TU_CVSS_ENVIRONMENTAL)
			return tu_fail(err, TU_E_SYNTAX, place_of(metrics, 0, &table->metrics[i]),
				"metric %.*s is not environmental: only such metrics may be put "
				"over those of a vector",
				TU_STR_FMT(key_of(&table->metrics[i])));
	*cvss = changed;
	return TU_OK;
}

struct tu_str tu_cvss_get(const struct tu_cvss *cvss, struct tu_str metric)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	const struct tu_cvss_metric *row = metric_by_key(table, metric, false);
	uint8_t value = row ? cvss->values[row - table->metrics] : 0;

	return value ? word_of(&row->words[value - 1]) : TU_STR("");
}

void tu_cvss_write(const struct tu_cvss *cvss, struct tu_buf *out)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	const char *slash = "";

	tu_buf_str_add(out, table->prefix);
	for (size_t i = 0; i < table->count; i++) {
		uint8_t value = cvss->values[i];
		if (value == 0 || (i >= table->base_count && value == 1))
			continue;
		tu_buf_c(out, slash);
		tu_buf_add(out, table->metrics[i].key, table->metrics[i].key_len);
		tu_buf_str_add(out, word_of(&table->metrics[i].words[value - 1]));
		slash = "/";
	}
}

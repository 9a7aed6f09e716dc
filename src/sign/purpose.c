#include "sign/purpose.h"

#include "base/hex.h"
#include "base/utf8.h"

enum line_kind { HEX, NUMBER, LINE, KEY };

struct line {
	const char *word;
	enum line_kind kind;
	size_t digits; /* of HEX */
};

static const struct line checkpoint[] = {
	{"instance", HEX, 32},
	{"record", NUMBER, 0},
	{"hash", HEX, 64},
	{"at", NUMBER, 0},
	{"key", KEY, 0},
};

static const struct line content[] = {
	{"subject", LINE, 0},
	{"sha256", HEX, 64},
	{"at", NUMBER, 0},
	{"key", KEY, 0},
};

static const struct {
	const char *name;
	const char *file;
	struct tu_str first;
	const struct line *lines;
	size_t count;
	bool openpgp;
} purposes[TU_SIGN_PURPOSES] = {
	[TU_SIGN_CHECKPOINT] = {"ledger checkpoint", "checkpoint",
		TU_STR_INIT("tutela ledger checkpoint 1"), checkpoint, TU_COUNT(checkpoint), false},
	[TU_SIGN_STATEMENT] = {"statement", "statement", TU_STR_INIT("tutela statement 1"), content,
		TU_COUNT(content), false},
	[TU_SIGN_RELEASE] = {"release", "release", TU_STR_INIT("tutela release 1"), content,
		TU_COUNT(content), false},
	[TU_SIGN_CSAF] = {"CSAF document", "csaf", TU_STR_INIT("tutela csaf 1"), content,
		TU_COUNT(content), true},
};

static bool is_known(enum tu_sign_purpose purpose)
{
	return (unsigned)purpose < TU_SIGN_PURPOSES;
}

const char *tu_sign_purpose_name(enum tu_sign_purpose purpose)
{
	return is_known(purpose) ? purposes[purpose].name : "?";
}

const char *tu_sign_purpose_file(enum tu_sign_purpose purpose)
{
	return is_known(purpose) ? purposes[purpose].file : "?";
}

bool tu_sign_purpose_is_openpgp(enum tu_sign_purpose purpose)
{
	return is_known(purpose) && purposes[purpose].openpgp;
}

bool tu_sign_purpose_by_name(struct tu_str name, enum tu_sign_purpose *out_purpose)
{
	for (unsigned i = 0; i < TU_SIGN_PURPOSES; i++) {
		if (tu_str_eq(name, tu_str_c(purposes[i].name))) {
			*out_purpose = (enum tu_sign_purpose)i;
			return true;
		}
	}
	return false;
}

/* ---- the shape of a payload ---- */

static bool is_hex(struct tu_str text, size_t digits)
{
	for (size_t i = 0; i < text.len; i++) {
		if (tu_hex_value(text.ptr[i]) < 0 || tu_char_is_upper(text.ptr[i]))
			return false;
	}
	return text.len == digits;
}

static bool is_number(struct tu_str text)
{
	struct tu_str rest = text;
	uint64_t number;

	return tu_str_eq(tu_str_digits(&rest), text) && tu_str_to_u64(text, INT64_MAX, &number) &&
		(text.len == 1 || text.ptr[0] != '0');
}

static bool is_line(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127)
			return false;
	}
	return text.len > 0 && text.len <= TU_SIGN_SUBJECT_MAX &&
		tu_utf8_invalid_at(text) == text.len;
}

static bool fits(const struct line *line, struct tu_str text, struct tu_str key_id)
{
	if (!tu_str_skip(&text, tu_str_c(line->word)) || !tu_str_skip(&text, TU_STR(" ")))
		return false;
	switch (line->kind) {
	case HEX:
		return is_hex(text, line->digits);
	case NUMBER:
		return is_number(text);
	case KEY:
		return tu_str_eq(text, key_id);
	case LINE:
	default:
		return is_line(text);
	}
}

static enum tu_status malformed(
	enum tu_sign_purpose purpose, size_t line, const char *expected, struct tu_error *err)
{
	return tu_fail_at(err, TU_E_SYNTAX, &(struct tu_error_place){.line = line},
		"this is no text to be signed as a %s: expected %s", purposes[purpose].name,
		expected);
}

enum tu_status tu_sign_check(enum tu_sign_purpose purpose, struct tu_str payload,
	struct tu_str key_id, struct tu_error *err)
{
	struct tu_str rest = payload, line;

	if (!is_known(purpose))
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "nothing is signed for this purpose");
	if (payload.len > TU_SIGN_PAYLOAD_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "a text of %zu bytes; at most %d are signed",
			payload.len, TU_SIGN_PAYLOAD_MAX);
	if (!tu_str_ends(payload, TU_STR("\n")))
		return malformed(purpose, 0, "a line end after the last line", err);
	if (!tu_str_split(&rest, '\n', &line) || !tu_str_eq(line, purposes[purpose].first))
		return malformed(purpose, 1, purposes[purpose].first.ptr, err);
	for (size_t i = 0; i < purposes[purpose].count; i++) {
		const struct line *expected = &purposes[purpose].lines[i];

		if (!tu_str_split(&rest, '\n', &line) || !fits(expected, line, key_id))
			return malformed(purpose, i + 2, expected->word, err);
	}
	return rest.len ? malformed(purpose, purposes[purpose].count + 2, "the end", err) : TU_OK;
}

bool tu_sign_content_digest(struct tu_str payload, uint8_t out_sha256[TU_SHA256_BYTES])
{
	struct tu_str line;

	while (tu_str_split(&payload, '\n', &line))
		if (tu_str_skip(&line, TU_STR("sha256 ")))
			return tu_hex_read(line, out_sha256, TU_SHA256_BYTES);
	return false;
}

void tu_sign_content_text(
	enum tu_sign_purpose purpose, const struct tu_sign_content *what, struct tu_buf *out)
{
	tu_buf_str_add(out, purposes[purpose].first);
	tu_buf_c(out, "\nsubject ");
	tu_buf_str_add(out, what->subject);
	tu_buf_c(out, "\nsha256 ");
	tu_sha256_write(what->sha256, out);
	tu_buf_printf(out, "\nat %lld\nkey ", (long long)what->at);
	tu_buf_str_add(out, what->key_id);
	tu_buf_byte(out, '\n');
}

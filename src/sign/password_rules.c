/* Which passwords may be chosen: NIST SP 800-63B-4, 3.1.1.2. */
#include "base/ed25519.h"
#include "base/utf8.h"
#include "sign/password_form.h"

extern const char tu_text_passwords[];
extern const size_t tu_text_passwords_len;

enum { WORD_MIN = 3 /* of the context: a shorter one says nothing */ };

static const struct tu_str service_words[] = {TU_STR_INIT("tutela")};

static size_t count_characters(struct tu_str text)
{
	uint32_t point;
	size_t count = 0;

	while (tu_utf8_next(&text, &point))
		count++;
	return count;
}

static bool is_common(struct tu_str password)
{
	struct tu_str rest = tu_str_of(tu_text_passwords, tu_text_passwords_len), line;

	while (tu_str_split(&rest, '\n', &line))
		if (line.len && line.ptr[0] != '#' && tu_str_ieq(line, password))
			return true;
	return false;
}

/* The shortest text of which it is a repetition: itself, if nothing less. */
static struct tu_str unit_of(struct tu_str password)
{
	for (size_t len = 1; len <= password.len / 2; len++)
		if (password.len % len == 0 &&
			memcmp(password.ptr, password.ptr + len, password.len - len) == 0)
			return tu_str_first(password, len);
	return password;
}

/* Does each byte follow the one before it, up or down: "12345678", "zyxwvuts"? 0 follows 9. */
static bool counts(struct tu_str password)
{
	for (int step = -1; step <= 1; step += 2) {
		size_t i = 1;

		for (; i < password.len; i++) {
			int before = password.ptr[i - 1], next = before + step;

			if (next == '9' + 1 || (next == '0' - 1))
				next = next == '0' - 1 ? '9' : '0';
			if (password.ptr[i] != next)
				break;
		}
		if (i == password.len)
			return true;
	}
	return false;
}

/* Without digits and marks at both ends. */
static struct tu_str core_of(struct tu_str text)
{
	while (text.len && (unsigned char)text.ptr[0] < 0x80 && !tu_char_is_alpha(text.ptr[0]))
		text = tu_str_from(text, 1);
	while (text.len && (unsigned char)text.ptr[text.len - 1] < 0x80 &&
		!tu_char_is_alpha(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

/* Is it the word, with digits and marks at its ends, once or repeated? */
static bool is_made_of(struct tu_str password, struct tu_str word)
{
	struct tu_str core = core_of(password);

	return word.len >= WORD_MIN &&
		(tu_str_ieq(password, word) || tu_str_ieq(core, word) ||
			tu_str_ieq(core, core_of(word)) ||
			tu_str_ieq(core_of(unit_of(core)), core_of(word)));
}

static bool is_of_context(struct tu_str password, const struct tu_password_about *about)
{
	for (size_t i = 0; i < TU_COUNT(service_words); i++)
		if (is_made_of(password, service_words[i]))
			return true;
	for (size_t i = 0; i < about->word_count; i++) {
		struct tu_str word = about->words[i], part;

		/* the whole, each word of a name, and an address before its "@" */
		if (is_made_of(password, word) ||
			is_made_of(password, tu_str_first(word, tu_str_find(word, '@'))))
			return true;
		while (tu_str_split(&word, ' ', &part))
			if (is_made_of(password, part))
				return true;
	}
	return false;
}

static bool is_repeated(struct tu_str password)
{
	struct tu_str unit = unit_of(password);

	return unit.len < password.len &&
		(count_characters(unit) <= 4 || is_common(unit) || counts(unit));
}

static enum tu_status judge(
	struct tu_str password, const struct tu_password_about *about, struct tu_error *err)
{
	size_t least = about->second_factor ? TU_PASSWORD_MIN_FACTOR : TU_PASSWORD_MIN_ALONE;
	size_t characters = count_characters(password);

	if (characters < least || characters > TU_PASSWORD_MAX_CHARACTERS)
		return tu_fail(err, TU_E_USAGE, 0,
			"a password has %zu to %d characters%s; this one has %zu: take a few words",
			least, TU_PASSWORD_MAX_CHARACTERS,
			about->second_factor ? "" : " where there is no second factor", characters);
	if (is_common(password))
		return tu_fail(err, TU_E_USAGE, 0,
			"many people have this password, so it is tried first: choose another");
	if (is_of_context(password, about))
		return tu_fail(err, TU_E_USAGE, 0,
			"this password is a name that everybody knows here, with digits or marks: "
			"choose another");
	if (counts(password) || is_repeated(password))
		return tu_fail(err, TU_E_USAGE, 0,
			"this password only repeats or counts, so it is tried first: choose "
			"another");
	return TU_OK;
}

enum tu_status tu_password_check(
	struct tu_str password, const struct tu_password_about *about, struct tu_error *err)
{
	struct tu_buf form;
	enum tu_status status;

	tu_buf_init(&form, TU_PASSWORD_FORM_MAX);
	status = tu_password__form(password, &form, err);
	if (!status)
		status = judge(tu_buf_str(&form), about, err);
	if (form.ptr)
		tu_wipe(form.ptr, form.cap);
	tu_buf_done(&form);
	return status;
}

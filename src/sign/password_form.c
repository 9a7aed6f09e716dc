#include "sign/password_form.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "base/ed25519.h"
#include "base/library.h"
#include "base/utf8.h"

#define FUNCTIONS(X) X(utf8proc_NFC)

struct utf8proc {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

TU_LIBRARY(library, struct utf8proc, FUNCTIONS, "libutf8proc.so.3", "libutf8proc.so.2");

TU_LIBRARY_NOTE("utf8proc", "passwords with letters beyond ASCII", "recommended",
	TU_LIBRARY_QUOTED("libutf8proc.so.3") "," TU_LIBRARY_QUOTED("libutf8proc.so.2"));

/* One line; `out_ascii`: needs no library. */
static bool is_line(struct tu_str text, bool *out_ascii)
{
	*out_ascii = true;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == 0x7f)
			return false;
		*out_ascii &= c < 0x80;
	}
	return tu_utf8_invalid_at(text) == text.len;
}

static enum tu_status compose(struct tu_str password, struct tu_buf *out, struct tu_error *err)
{
	const struct utf8proc *utf8proc = tu_library(&library);
	char text[TU_PASSWORD_MAX + 1];
	utf8proc_uint8_t *form;
	size_t len;

	if (!utf8proc)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"a password with letters beyond ASCII needs libutf8proc: install it, or "
			"choose another password");
	memcpy(text, password.ptr, password.len);
	text[password.len] = '\0';
	form = utf8proc->utf8proc_NFC((const utf8proc_uint8_t *)text);
	tu_wipe(text, sizeof(text));
	if (!form)
		return tu_no_memory(err);
	len = strlen((const char *)form);
	tu_buf_add(out, form, len);
	tu_wipe(form, len);
	free(form);
	return out->failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_password__form(struct tu_str password, struct tu_buf *out, struct tu_error *err)
{
	bool ascii;

	if (!password.len || password.len > TU_PASSWORD_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "a password has 1 to %d bytes", TU_PASSWORD_MAX);
	if (!is_line(password, &ascii))
		return tu_fail(err, TU_E_USAGE, 0,
			"a password is one line of UTF-8 without control characters");
	/* in one piece: no copy of it is left in memory by growing */
	if (!tu_buf_reserve(out, TU_PASSWORD_FORM_MAX))
		return tu_no_memory(err);
	if (!ascii)
		return compose(password, out, err);
	tu_buf_str_add(out, password);
	return out->failed ? tu_no_memory(err) : TU_OK;
}

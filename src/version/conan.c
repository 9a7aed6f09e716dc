/*
 * Conan 2 versions (https://docs.conan.io/2/tutorial/versioning/versions.html).
 *
 * Items between dots, numbers before words; trailing zeros do not count. A pre-release sorts
 * before, a build after the version; each is a list of items itself.
 *
 * Conan compares "1g" (OpenSSL's 1.1.1g) with a number as text: 1 < 1g < 2, but 10 < 1g while
 * 9 < 10 and 1g < 9, which is no order. We compare the number in it first, which is the same
 * wherever Conan does not contradict itself.
 */
#include "version/key.h"

enum { ITEMS_END = 0x01, ITEM_NUMBER, ITEM_TEXT };
enum { PLAIN_NUMBER = 0x01, NUMBER_AND_TEXT };
enum { PRE = 0x01, RELEASE };
enum { NO_BUILD = 0x01, BUILD };

static void put_item(struct tu_buf *out, struct tu_str item)
{
	struct tu_str digits = tu_str_digits(&item);

	if (digits.len > 0) {
		tu_buf_byte(out, ITEM_NUMBER);
		tu_key_number(out, digits);
		tu_buf_byte(out, item.len > 0 ? NUMBER_AND_TEXT : PLAIN_NUMBER);
	} else {
		tu_buf_byte(out, ITEM_TEXT);
	}
	if (item.len > 0 || digits.len == 0)
		tu_key_text_folded(out, item);
}

static void put_items(struct tu_buf *out, struct tu_str list)
{
	size_t kept = out->len;
	struct tu_str item;

	while (tu_str_split(&list, '.', &item)) {
		put_item(out, item);
		if (tu_key_significant(item).len > 0)
			kept = out->len;
	}
	if (!out->failed)
		out->len = kept;
	tu_buf_byte(out, ITEMS_END);
}

bool tu_version__conan(struct tu_str version, struct tu_buf *out)
{
	if (tu_str_find(version, ' ') < version.len)
		return false;
	size_t plus = tu_str_rfind(version, '+');
	struct tu_str rest = tu_str_first(version, plus);
	struct tu_str build = tu_str_from(version, plus + 1);
	size_t hyphen = tu_str_rfind(rest, '-');
	struct tu_str pre = tu_str_from(rest, hyphen + 1);

	put_items(out, tu_str_first(rest, hyphen));
	tu_buf_byte(out, hyphen < rest.len ? PRE : RELEASE);
	if (hyphen < rest.len)
		put_items(out, pre);
	tu_buf_byte(out, build.len > 0 ? BUILD : NO_BUILD);
	if (build.len > 0)
		put_items(out, build);
	return true;
}

#include "ident/distro_marks.h"

#include <tutela/buf.h>

enum { WORDS_MAX = 32 };

/* What follows a mark. */
enum after {
	ANYTHING,
	DIGIT, /* the release, where the row names a distribution */
	NUMBER, /* digits that say nothing of the release */
	REBUILD /* one or two digits after a revision, and then the version ends */
};

struct row {
	struct tu_str mark;
	const char *before; /* one of these precedes it, or a digit for '0' */
	enum after after;
	struct tu_str namespace_;
	struct tu_str word;
	bool rebuilt; /* its maker takes packages of Debian and changes them */
};

#define S(text) TU_STR_INIT(text)
#define NOBODY S(""), S("")

static const struct row rows[] = {
	/* rpm */
	{S("el"), "._+", DIGIT, S("redhat"), S("rhel")},
	{S("fc"), "._+", DIGIT, S("fedora"), S("fedora")},
	{S("amzn"), ".", DIGIT, S("amazon"), S("amzn")},
	{S("oe"), ".", DIGIT, S("openeuler"), S("openeuler")},
	{S("cm"), ".", DIGIT, S("azurelinux"), S("azurelinux")},
	{S("azl"), ".", DIGIT, S("azurelinux"), S("azurelinux")},
	{S("ph"), ".", DIGIT, S("photon"), S("photon")},
	{S("mga"), ".", DIGIT, S("mageia"), S("mageia")},
	{S("lp15"), ".-", NUMBER, S("opensuse"), S("")},
	{S("bp15"), ".-", NUMBER, S("opensuse"), S("")},
	{S("suse"), ".-+", ANYTHING, S("suse"), S("")},
	{S("ky"), ".", DIGIT, NOBODY},
	{S("uel"), ".", DIGIT, NOBODY},
	{S("uelc"), ".", DIGIT, NOBODY},
	{S("an"), ".", DIGIT, NOBODY},
	{S("al"), ".", DIGIT, NOBODY},
	{S("alnx"), ".", DIGIT, NOBODY},
	{S("tl"), ".", DIGIT, NOBODY},
	{S("oc"), ".", DIGIT, NOBODY},
	{S("ocs"), ".", DIGIT, NOBODY},
	{S("hce"), ".", DIGIT, NOBODY},
	{S("eulerosv"), ".", ANYTHING, NOBODY},
	{S("xcpng"), ".", DIGIT, NOBODY},
	{S("vz"), ".", DIGIT, NOBODY},
	{S("mos"), ".", DIGIT, NOBODY},
	{S("omv"), ".-", NUMBER, NOBODY},
	{S("rosa"), ".-", ANYTHING, NOBODY},
	{S("alt"), "-", NUMBER, NOBODY},
	{S("wrl"), ".", NUMBER, NOBODY},
	/* deb; a backport keeps the mark of what it was made from */
	{S("bpo"), "+~.", DIGIT, S("debian"), S("debian")},
	{S("ubuntu"), "-+~.0", ANYTHING, S("ubuntu"), S(""), true},
	{S("esm"), "+~", NUMBER, S("ubuntu"), S("")},
	{S("build"), "0", REBUILD, S("ubuntu"), S("")},
	{S("rpt"), "+~-", NUMBER, NOBODY, true},
	{S("rpi"), "+~-", NUMBER, NOBODY, true},
	{S("kali"), "+~-.0", ANYTHING, NOBODY, true},
	{S("devuan"), "+~-.", ANYTHING, NOBODY, true},
	{S("deepin"), "+~-.", ANYTHING, NOBODY, true},
	{S("astra"), "+~-.", ANYTHING, NOBODY, true},
	{S("pureos"), "+~-.", ANYTHING, NOBODY, true},
	{S("trisquel"), "+~-.", ANYTHING, NOBODY, true},
	{S("raspbian"), "+~-.", ANYTHING, NOBODY, true},
	{S("deb"), "+~", DIGIT, S("debian"), S("debian")},
	{S("nmu"), "+", NUMBER, S("debian"), S("")},
	{S("dfsg"), "+~.-", ANYTHING, S("debian"), S("")},
	{S("b"), "+", REBUILD, S("debian"), S("")},
};

static bool is_before(const char *before, char c)
{
	for (; *before; before++) {
		if (*before == c || (*before == '0' && tu_char_is_digit(c)))
			return true;
	}
	return false;
}

static bool matches_at(
	const struct row *row, struct tu_str version, size_t at, struct distro_mark *out_mark)
{
	struct tu_str rest = tu_str_from(version, at);
	struct tu_str number;

	if (at == 0 || !is_before(row->before, version.ptr[at - 1]) ||
		!tu_str_istarts(rest, row->mark))
		return false;
	rest = tu_str_from(rest, row->mark.len);
	number = tu_str_digits(&rest);
	if ((row->after != ANYTHING && number.len == 0) ||
		(row->after == REBUILD &&
			(rest.len || number.len > 2 ||
				tu_str_find(tu_str_first(version, at), '-') == at)))
		return false;
	*out_mark = (struct distro_mark){.namespace_ = row->namespace_,
		.word = row->word,
		.backport = tu_str_eq(row->mark, TU_STR("bpo"))};
	if (row->after == DIGIT && row->word.len)
		out_mark->release =
			tu_str_of(number.ptr, (size_t)(version.ptr + version.len - number.ptr));
	return true;
}

/* SUSE's releases of packages begin with the code of the product's: "1.1.1g-150200.11.57.1". */
static bool is_suse(struct tu_str version)
{
	struct tu_str rest = tu_str_from(version, tu_str_rfind(version, '-') + 1);
	struct tu_str code = tu_str_digits(&rest);

	return code.len == 6 &&
		(tu_str_starts(code, TU_STR("15")) || tu_str_starts(code, TU_STR("16"))) &&
		tu_str_ends(code, TU_STR("00")) && tu_str_starts(rest, TU_STR("."));
}

/* Alpine and OpenWrt count their builds of one version; the first, "-r0", has upstream's source,
 * and Yocto writes it for all. */
static bool is_rebuilt(struct tu_str version)
{
	struct tu_str rest = tu_str_from(version, tu_str_rfind(version, '-'));
	struct tu_str number;

	if (!tu_str_skip(&rest, TU_STR("-r")))
		return false;
	number = tu_str_digits(&rest);
	return number.len && rest.len == 0 && !tu_str_eq(number, TU_STR("0"));
}

/* Where words begin: most versions have one or none, and there are many rows. */
struct words {
	size_t at[WORDS_MAX];
	size_t count;
	uint32_t initials; /* a bit a letter */
};

static uint32_t initial_bit(char letter)
{
	return UINT32_C(1) << (tu_char_lower(letter) - 'a');
}

static struct words find_words(struct tu_str version)
{
	struct words words;

	words.count = 0;
	words.initials = 0;
	for (size_t at = 1; at < version.len && words.count < WORDS_MAX; at++) {
		if (!tu_char_is_alpha(version.ptr[at]) || tu_char_is_alpha(version.ptr[at - 1]))
			continue;
		words.at[words.count++] = at;
		words.initials |= initial_bit(version.ptr[at]);
	}
	return words;
}

/* Asked of every row: few of them are a letter of the version. */
static inline bool may_match(const struct row *row, const struct words *words)
{
	return (words->initials & initial_bit(row->mark.ptr[0])) != 0;
}

static bool matches_word(const struct row *row, struct tu_str version, const struct words *words,
	struct distro_mark *out_mark)
{
	for (size_t k = 0; k < words->count; k++) {
		if (matches_at(row, version, words->at[k], out_mark))
			return true;
	}
	return false;
}

bool tu_distro_mark_find(struct tu_str version, struct distro_mark *out_mark)
{
	struct words words = find_words(version);

	for (size_t i = 0; words.count && i < TU_COUNT(rows); i++) {
		if (may_match(&rows[i], &words) &&
			matches_word(&rows[i], version, &words, out_mark))
			return true;
	}
	*out_mark = (struct distro_mark){0};
	if (is_suse(version)) {
		out_mark->namespace_ = TU_STR("suse");
		return true;
	}
	return is_rebuilt(version);
}

bool tu_distro_is_rebuilt(struct tu_str namespace_, struct tu_str version)
{
	struct words words;
	struct distro_mark mark;

	if (!tu_str_eq(namespace_, TU_STR("debian")))
		return false;
	words = find_words(version);
	for (size_t i = 0; words.count && i < TU_COUNT(rows); i++) {
		if (rows[i].rebuilt && may_match(&rows[i], &words) &&
			matches_word(&rows[i], version, &words, &mark))
			return true;
	}
	return false;
}

bool tu_distro_is_version(struct tu_str version)
{
	struct distro_mark mark;
	struct tu_str rest = version;

	return (tu_str_digits(&rest).len && tu_str_starts(rest, TU_STR(":"))) ||
		tu_distro_mark_find(version, &mark);
}

/* ---- releases ---- */

/* Those that rebuild Red Hat's packages keep its mark. */
static struct tu_str word_for(struct tu_str namespace_, const struct distro_mark *mark)
{
	static const struct {
		struct tu_str namespace_;
		struct tu_str word;
	} rebuilds[] = {
		{S("almalinux"), S("almalinux")},
		{S("rocky"), S("rocky")},
		{S("oracle"), S("ol")},
	};

	if (namespace_.len == 0 || tu_str_eq(namespace_, mark->namespace_))
		return mark->word;
	for (size_t i = 0; i < TU_COUNT(rebuilds); i++) {
		if (tu_str_eq(mark->word, TU_STR("rhel")) &&
			tu_str_eq(rebuilds[i].namespace_, namespace_))
			return rebuilds[i].word;
	}
	return (struct tu_str){"", 0};
}

/* "2203sp1" is 22.03.sp1, "2203" 22.03.lts; "1" was kept for all of 20.03. */
static void put_openeuler(struct tu_str text, struct tu_buf *out)
{
	struct tu_str rest = text;
	struct tu_str number = tu_str_digits(&rest);

	if (number.len != 4)
		return;
	tu_buf_printf(out, "openeuler-%.2s.%.2s", number.ptr, number.ptr + 2);
	if (tu_str_istarts(rest, TU_STR("sp"))) {
		rest = tu_str_from(rest, 2);
		number = tu_str_digits(&rest);
		tu_buf_printf(out, ".sp%.*s", TU_STR_FMT(number));
	} else if (tu_str_eq(tu_str_from(number, 2), TU_STR("03"))) {
		tu_buf_c(out, ".lts");
	}
}

bool tu_distro_of_version(struct tu_arena *arena, struct tu_str namespace_, struct tu_str version,
	struct tu_str *out_distro)
{
	enum { LONGEST = 64, NEWEST_DEBIAN = 2 };
	struct distro_mark mark;
	struct tu_str word, number;
	struct tu_buf text;
	bool ok;

	*out_distro = (struct tu_str){"", 0};
	if (!tu_distro_mark_find(version, &mark) || mark.release.len == 0)
		return true;
	word = word_for(namespace_, &mark);
	number = tu_str_digits(&mark.release);
	if (word.len == 0 || number.len == 0 || number.len > 8)
		return true;
	/* "bpo60+1" is from when Debian counted in tens. */
	if (tu_str_eq(word, TU_STR("debian")) &&
		(number.len > NEWEST_DEBIAN || number.ptr[0] > '3'))
		return true;
	tu_buf_init(&text, LONGEST);
	if (tu_str_eq(word, TU_STR("openeuler")))
		put_openeuler(tu_str_of(number.ptr, number.len + mark.release.len), &text);
	else
		tu_buf_printf(&text, "%.*s-%.*s", TU_STR_FMT(word), TU_STR_FMT(number));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_distro);
	tu_buf_done(&text);
	return ok;
}

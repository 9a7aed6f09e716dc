#include "ident/distro.h"

#include <tutela/buf.h>

#include "ident/distro_marks.h"
#include "ident/distro_words.h"
#include "ident/lenient.h"

enum { TEXT_MAX = 256 };

#define S(text) TU_STR_INIT(text)

static const struct tu_str backports = S("-backports");

/* ---- words ---- */

static bool is_joint(char c)
{
	return c == '-' || c == ':' || c == ' ' || c == '_' || c == '/' || c == '.';
}

static struct tu_str without_joints(struct tu_str name)
{
	while (name.len && is_joint(name.ptr[name.len - 1]))
		name.len--;
	return name;
}

static void put_name(struct tu_str name, struct tu_buf *out)
{
	name = without_joints(name);
	for (size_t i = 0; i < name.len; i++)
		tu_buf_byte(out, is_joint(name.ptr[i]) ? '-' : tu_char_lower(name.ptr[i]));
}

/* The row of a name in any spelling: "CentOS Linux release" is "centos-linux". */
static const struct distro_spelling *find_name(struct tu_str name)
{
	static const struct tu_str filler = S("-release");
	char text[TEXT_MAX];

	name = without_joints(name);
	if (name.len > sizeof(text))
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		text[i] = is_joint(name.ptr[i]) ? '-' : tu_char_lower(name.ptr[i]);
	name = tu_str_of(text, name.len);
	if (tu_str_ends(name, filler))
		name.len -= filler.len;
	return tu_distro_find_spelling(name);
}

/* Where the release begins: a number, also after a "v", that follows a joint or a name that is
 * known: "centos-stream9", "ubi8". */
static size_t release_start(struct tu_str text)
{
	bool first = true;

	for (size_t i = 1; i < text.len; i++) {
		struct tu_str rest = tu_str_from(text, i);
		bool digit = tu_char_is_digit(rest.ptr[0]);
		bool number = digit ||
			(rest.len > 1 && rest.ptr[0] == 'v' && tu_char_is_digit(rest.ptr[1]));

		if (number && is_joint(text.ptr[i - 1]))
			return i;
		if (digit && first && find_name(tu_str_first(text, i)))
			return i;
		first &= !digit;
	}
	return text.len;
}

struct tu_str tu_distro_word(struct tu_str distro)
{
	for (size_t i = 1; i + 1 < distro.len; i++) {
		if (distro.ptr[i] == '-' && tu_char_is_digit(distro.ptr[i + 1]))
			return tu_str_first(distro, i);
	}
	return tu_str_first(distro, tu_str_rfind(distro, '-'));
}

/* Names of more than one joint are spelled out: "debian" of "debian-11", "opensuse-leap" of
 * "opensuse-leap-15.4". */
struct tu_str tu_distro_namespace(struct tu_str name)
{
	const struct distro_spelling *known = tu_distro_find_spelling(name);
	struct tu_str stem = without_joints(tu_str_first(name, release_start(name)));

	if (!known)
		known = find_name(stem);
	if (!known)
		known = tu_distro_find_spelling(tu_str_first(stem, tu_str_rfind(stem, '-')));
	return known ? known->namespace_ : name;
}

/* ---- releases by number ---- */

/* "SP4" as a word of its own in what follows the number: the digits, or empty. */
static struct tu_str service_pack(struct tu_str rest)
{
	for (size_t i = 0; i + 2 < rest.len; i++) {
		struct tu_str word = tu_str_from(rest, i);

		if ((i && tu_char_is_alnum(rest.ptr[i - 1])) || !tu_str_istarts(word, TU_STR("sp")))
			continue;
		word = tu_str_from(word, 2);
		return tu_str_digits(&word);
	}
	return (struct tu_str){"", 0};
}

static bool is_of_number(struct tu_str text, size_t at)
{
	return tu_char_is_digit(text.ptr[at]) ||
		(text.ptr[at] == '.' && at + 1 < text.len && tu_char_is_digit(text.ptr[at + 1]));
}

/* Debian's points are no releases: CPE names have "12.0". */
static struct tu_str whole_release(struct tu_str word, struct tu_str number)
{
	if (tu_str_eq(word, TU_STR("debian")) && tu_str_ends(number, TU_STR(".0")))
		number.len -= 2;
	return number;
}

/* "v3.18", "12 (bookworm)", "22.04.3 LTS", "15-sp4", "15 SP4", "12-backports". openEuler's releases
 * of one number are releases of their own: "22.03 LTS" is the first, "22.03-LTS-SP1" the next, and
 * "22.03" may be any of them. */
static void put_release(struct tu_str word, struct tu_str release, struct tu_buf *out)
{
	bool euler = tu_str_eq(word, TU_STR("openeuler"));
	size_t end = 0;
	struct tu_str rest, pack;

	(void)tu_str_skip(&release, TU_STR("v"));
	while (end < release.len && is_of_number(release, end))
		end++;
	rest = tu_str_from(release, end);
	tu_buf_byte(out, '-');
	tu_buf_str_add(out, whole_release(word, tu_str_first(release, end)));
	pack = service_pack(rest);
	if (pack.len)
		tu_buf_printf(out, euler ? ".sp%.*s" : ".%.*s", TU_STR_FMT(pack));
	else if (euler && tu_str_isearch(rest, TU_STR("LTS")) < rest.len)
		tu_buf_c(out, ".lts");
	if (tu_str_isearch(rest, backports) < rest.len)
		tu_buf_str_add(out, backports);
}

/* ---- releases by codename ---- */

struct suite_name {
	struct tu_str release; /* "debian-12", of the only codename */
	size_t at; /* where the codename begins */
	enum distro_suite suite;
};

static bool is_gap(char c)
{
	return is_joint(c) || c == '(' || c == ')' || c == ',';
}

/* False: two codenames, or a word after it that is not known. */
static bool take_word(struct tu_str word, size_t at, struct suite_name *name)
{
	struct tu_str release = tu_distro_of_codename(word);
	enum distro_suite suite = tu_distro_find_suite(word);

	if (release.len) {
		if (name->release.len)
			return false;
		name->release = release;
		name->at = at;
		return true;
	}
	if (suite == DISTRO_SUITE_BACKPORTS || (suite && !name->suite))
		name->suite = suite;
	return suite || !name->release.len;
}

static bool read_words(struct tu_str text, struct suite_name *name)
{
	size_t at = 0;

	*name = (struct suite_name){0};
	while (at < text.len) {
		size_t end = at;

		while (end < text.len && !is_gap(text.ptr[end]))
			end++;
		if (end > at && !take_word(tu_str_first(tu_str_from(text, at), end - at), at, name))
			return false;
		at = end + 1;
	}
	return name->release.len > 0;
}

/* What precedes the codename is its distribution, a rebuild of that, or an archive of it. */
static bool take_prefix(struct tu_str prefix, struct tu_str *word)
{
	const struct distro_spelling *known = find_name(prefix);
	struct tu_str origin, origin_word, part;

	if (known) {
		bool own = tu_str_eq(known->word, *word);
		bool rebuilt = tu_distro_origin(known->namespace_, &origin, &origin_word) &&
			tu_str_eq(origin_word, *word);

		*word = known->word;
		return own || rebuilt;
	}
	while (prefix.len) {
		size_t end = 0;

		while (end < prefix.len && !is_gap(prefix.ptr[end]))
			end++;
		part = tu_str_first(prefix, end);
		if (part.len && !tu_distro_find_suite(part))
			return false;
		prefix = tu_str_from(prefix, end + 1);
	}
	return true;
}

/* "debian-bookworm", "ubuntu:jammy-updates", "sid", "esm-infra/focal". */
static bool spell_codename(struct tu_str namespace_, struct tu_str text, struct tu_buf *out)
{
	struct suite_name name;
	struct tu_str word;

	if (!read_words(text, &name))
		return false;
	word = tu_distro_word(name.release);
	if (!take_prefix(tu_str_first(text, name.at), &word) ||
		(namespace_.len && !take_prefix(namespace_, &word)))
		return false;
	tu_buf_str_add(out, word);
	tu_buf_str_add(out, tu_str_from(name.release, tu_distro_word(name.release).len));
	if (name.suite == DISTRO_SUITE_BACKPORTS)
		tu_buf_str_add(out, backports);
	return true;
}

/* ---- the ways to say it ---- */

/* A name, and perhaps a number or a word: "alpine-edge", "Red Hat Enterprise Linux 9.2". */
static void spell_name(struct tu_str text, struct tu_buf *out)
{
	size_t start = release_start(text);
	size_t dash = tu_str_rfind(text, '-');
	const struct distro_spelling *known = find_name(tu_str_first(text, start));
	bool by_word = !known && start == text.len && dash < text.len;

	if (by_word)
		known = find_name(tu_str_first(text, dash));
	if (known)
		tu_buf_str_add(out, known->word);
	else
		put_name(tu_str_first(text, start), out);
	if (known && known->rolling)
		return;
	if (start < text.len)
		put_release(known ? known->word : (struct tu_str){"", 0}, tu_str_from(text, start),
			out);
	else if (known && by_word)
		put_name(tu_str_from(text, dash), out);
}

static bool is_number(struct tu_str text)
{
	(void)tu_str_skip(&text, TU_STR("v"));
	return text.len && tu_char_is_digit(text.ptr[0]);
}

/* Trivy writes "3.18.4" for Alpine's packages, and "edge" is a release of Alpine, too: the
 * namespace says of which distribution. */
static bool needs_namespace(struct tu_str text)
{
	if (is_number(text))
		return true;
	for (size_t i = 0; i < text.len; i++) {
		if (!tu_char_is_alpha(text.ptr[i]))
			return false;
	}
	return !tu_distro_find_spelling(text);
}

static void spell(struct tu_str namespace_, struct tu_str text, struct tu_buf *out)
{
	char whole[2 * TEXT_MAX];

	if (spell_codename(namespace_, text, out))
		return;
	if (namespace_.len && namespace_.len + 1 + text.len <= sizeof(whole) &&
		needs_namespace(text)) {
		memcpy(whole, namespace_.ptr, namespace_.len);
		whole[namespace_.len] = '-';
		memcpy(whole + namespace_.len + 1, text.ptr, text.len);
		text = tu_str_of(whole, namespace_.len + 1 + text.len);
	}
	spell_name(text, out);
}

/* What versions have: "el8", "fc39", "oe2203sp1". Empty: it is no mark. False: no memory. */
static bool spell_mark(struct tu_arena *arena, struct tu_str namespace_, struct tu_str text,
	struct tu_str *out_distro)
{
	char dotted[TEXT_MAX + 1] = ".";

	for (size_t i = 0; i < text.len; i++) {
		if (!tu_char_is_alnum(text.ptr[i]) && text.ptr[i] != '_' && text.ptr[i] != '.')
			return true;
		dotted[i + 1] = text.ptr[i];
	}
	if (find_name(tu_str_first(text, release_start(text))))
		return true;
	return tu_distro_of_version(arena, tu_distro_namespace(namespace_),
		tu_str_of(dotted, text.len + 1), out_distro);
}

/* "debian-12.5": already so, as most SBOMs have it. */
static bool is_spelled(struct tu_str text)
{
	size_t dash = tu_str_rfind(text, '-');
	const struct distro_spelling *known = tu_distro_find_spelling(tu_str_first(text, dash));

	if (dash + 1 >= text.len || !known || known->rolling ||
		!tu_str_eq(known->word, tu_str_first(text, dash)))
		return false;
	for (size_t i = dash + 1; i < text.len; i++) {
		if (!tu_char_is_digit(text.ptr[i]) && text.ptr[i] != '.')
			return false;
	}
	return !tu_str_ends(text, TU_STR(".0"));
}

bool tu_distro_of_cpe(struct tu_arena *arena, const struct tu_cpe *cpe, struct tu_str *out_distro)
{
	struct tu_str word = tu_distro_of_system(cpe);
	struct tu_str version = cpe->attr[TU_CPE_VERSION];
	struct tu_str update = cpe->attr[TU_CPE_UPDATE];
	struct tu_buf text;
	bool ok;

	if (tu_str_eq(version, TU_STR("*")) || tu_str_eq(version, TU_STR("-")))
		return true;
	tu_buf_init(&text, 2 * TU_CPE_MAX);
	if (word.len)
		tu_buf_str_add(&text, word);
	else
		tu_cpe_attr_plain(cpe->attr[TU_CPE_PRODUCT], &text);
	tu_buf_byte(&text, '-');
	tu_cpe_attr_plain(version, &text);
	if (word.len && tu_str_starts(update, TU_STR("sp")))
		tu_buf_printf(&text, "-%.*s", TU_STR_FMT(update));
	else if (word.len && tu_str_starts(cpe->attr[TU_CPE_SW_EDITION], TU_STR("lts")))
		tu_buf_c(&text, "-lts");
	ok = !text.failed &&
		(word.len ? tu_distro_spell(arena, tu_buf_str(&text), out_distro)
			  : tu_arena_dup(arena, tu_buf_str(&text), out_distro));
	tu_buf_done(&text);
	return ok;
}

static bool spell_cpe(struct tu_arena *arena, struct tu_str text, struct tu_str *out_distro)
{
	struct tu_error fault = {0};
	struct tu_cpe cpe;
	enum tu_status status = tu_cpe_read(arena, text, &cpe, &fault);

	return status ? status != TU_E_NOMEM : tu_distro_of_cpe(arena, &cpe, out_distro);
}

bool tu_distro_spell_in(struct tu_arena *arena, struct tu_str namespace_, struct tu_str text,
	struct tu_str *out_distro)
{
	struct tu_buf buf;
	bool ok;

	*out_distro = (struct tu_str){"", 0};
	text = tu_str_trim(text);
	if (text.len == 0 || text.len > TEXT_MAX)
		return true;
	if (is_spelled(text))
		return tu_arena_dup(arena, text, out_distro);
	if (tu_str_istarts(text, TU_STR("cpe:")))
		return spell_cpe(arena, text, out_distro);
	if (!spell_mark(arena, namespace_, text, out_distro))
		return false;
	if (out_distro->len)
		return true;
	tu_buf_init(&buf, 4 * TEXT_MAX);
	spell(namespace_, text, &buf);
	ok = !buf.failed && tu_arena_dup(arena, tu_buf_str(&buf), out_distro);
	tu_buf_done(&buf);
	return ok;
}

bool tu_distro_spell(struct tu_arena *arena, struct tu_str text, struct tu_str *out_distro)
{
	return tu_distro_spell_in(arena, (struct tu_str){"", 0}, text, out_distro);
}

/* ---- releases ---- */

bool tu_distro_covers(struct tu_str stated, struct tu_str actual)
{
	struct tu_str rest;

	/* "photon-4" is 4.0; but 8.0 of Red Hat is the first of many that "rhel-8" may mean. */
	if (tu_str_ends(stated, TU_STR(".0")) && !tu_str_starts(stated, TU_STR("rhel-")) &&
		tu_str_ieq(tu_str_first(stated, stated.len - 2), actual))
		return true;
	if (!tu_str_istarts(actual, stated))
		return false;
	rest = tu_str_from(actual, stated.len);
	/* Another archive: versions of its own. */
	if (tu_str_eq(rest, backports))
		return false;
	return rest.len == 0 || rest.ptr[0] == '.' || rest.ptr[0] == ':' || rest.ptr[0] == '-';
}

bool tu_distro_has_release(struct tu_str distro)
{
	const struct distro_spelling *known = tu_distro_find_spelling(distro);

	return distro.len > 0 && (!known || known->rolling);
}

bool tu_distro_names_release(struct tu_str distro)
{
	static const struct tu_str rolling[] = {S("sid"), S("testing"), S("edge"), S("rawhide"),
		S("tumbleweed"), S("stream"), S("cauldron"), S("cooker")};
	struct tu_str release = tu_str_from(distro, tu_distro_word(distro).len + 1);

	for (size_t i = 0; i < TU_COUNT(rolling); i++) {
		if (tu_str_ieq(rolling[i], release))
			return true;
	}
	return release.len > 0 && tu_char_is_digit(release.ptr[0]);
}

bool tu_distro_is_known(struct tu_str word)
{
	const struct distro_spelling *known = tu_distro_find_spelling(word);

	return known && tu_str_eq(known->word, word);
}

bool tu_distro_is_understood(struct tu_str distro)
{
	const struct distro_spelling *known = tu_distro_find_spelling(tu_distro_word(distro));

	return known && (known->rolling || tu_distro_names_release(distro));
}

bool tu_distro_backported(struct tu_arena *arena, struct tu_str distro, struct tu_str *out_distro)
{
	struct tu_buf text;
	bool ok;

	*out_distro = distro;
	if (tu_str_ends(distro, backports) || !tu_distro_names_release(distro))
		return true;
	tu_buf_init(&text, 4 * TEXT_MAX);
	tu_buf_str_add(&text, distro);
	tu_buf_str_add(&text, backports);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_distro);
	tu_buf_done(&text);
	return ok;
}

bool tu_distro_origin(
	struct tu_str namespace_, struct tu_str *out_namespace, struct tu_str *out_word)
{
	static const struct {
		struct tu_str namespace_;
		struct tu_str origin;
		struct tu_str word;
	} origins[] = {
		{S("almalinux"), S("redhat"), S("rhel")},
		{S("rocky"), S("redhat"), S("rhel")},
		{S("oracle"), S("redhat"), S("rhel")},
		{S("raspbian"), S("debian"), S("debian")},
	};

	for (size_t i = 0; i < TU_COUNT(origins); i++) {
		if (!tu_str_eq(origins[i].namespace_, namespace_))
			continue;
		*out_namespace = origins[i].origin;
		*out_word = origins[i].word;
		return true;
	}
	return false;
}

#include "ident/distro.h"

#include <tutela/buf.h>

enum { TEXT_MAX = 256 };

/* ---- the tables ---- */

/* Name as it is written (lower case, parts joined by hyphens), the word and the purl namespace that
 * records go by. A rebuild without records of its own goes by those of its origin. */
struct spelling {
	struct tu_str name;
	struct tu_str word;
	struct tu_str namespace_;
	bool rolling; /* what follows is a snapshot, not a release */
};

#define S(text) TU_STR_INIT(text)

static const struct spelling spellings[] = {
	{S("debian"), S("debian"), S("debian"), false},
	{S("debian-gnu-linux"), S("debian"), S("debian"), false},
	{S("raspbian"), S("raspbian"), S("raspbian"), false},
	{S("raspbian-gnu-linux"), S("raspbian"), S("raspbian"), false},
	{S("raspberry-pi-os"), S("raspbian"), S("raspbian"), false},
	{S("echo"), S("echo"), S("echo"), false},
	{S("ubuntu"), S("ubuntu"), S("ubuntu"), false},
	{S("ubuntu-linux"), S("ubuntu"), S("ubuntu"), false},
	{S("alpine"), S("alpine"), S("alpine"), false},
	{S("alpine-linux"), S("alpine"), S("alpine"), false},
	{S("alpinelinux"), S("alpine"), S("alpine"), false},
	{S("wolfi"), S("wolfi"), S("wolfi"), true},
	{S("chainguard"), S("chainguard"), S("chainguard"), true},
	{S("minimos"), S("minimos"), S("minimos"), true},
	{S("secureos"), S("secureos"), S("secureos"), true},
	{S("arch"), S("arch"), S("arch"), true},
	{S("rhel"), S("rhel"), S("redhat"), false},
	{S("redhat"), S("rhel"), S("redhat"), false},
	{S("red-hat"), S("rhel"), S("redhat"), false},
	{S("red-hat-enterprise-linux"), S("rhel"), S("redhat"), false},
	{S("enterprise-linux"), S("rhel"), S("redhat"), false},
	{S("centos"), S("rhel"), S("redhat"), false},
	{S("centos-linux"), S("rhel"), S("redhat"), false},
	{S("centos-stream"), S("rhel"), S("redhat"), false},
	{S("almalinux"), S("almalinux"), S("almalinux"), false},
	{S("alma"), S("almalinux"), S("almalinux"), false},
	{S("rocky"), S("rocky"), S("rocky"), false},
	{S("rocky-linux"), S("rocky"), S("rocky"), false},
	{S("rockylinux"), S("rocky"), S("rocky"), false},
	{S("ol"), S("ol"), S("oracle"), false},
	{S("oracle"), S("ol"), S("oracle"), false},
	{S("oraclelinux"), S("ol"), S("oracle"), false},
	{S("oracle-linux"), S("ol"), S("oracle"), false},
	{S("oracle-linux-server"), S("ol"), S("oracle"), false},
	{S("amzn"), S("amzn"), S("amazon"), false},
	{S("amazon"), S("amzn"), S("amazon"), false},
	{S("amazonlinux"), S("amzn"), S("amazon"), false},
	{S("amazon-linux"), S("amzn"), S("amazon"), false},
	{S("fedora"), S("fedora"), S("fedora"), false},
	{S("fedora-linux"), S("fedora"), S("fedora"), false},
	{S("sles"), S("sles"), S("suse"), false},
	{S("sled"), S("sles"), S("suse"), false},
	{S("sle"), S("sles"), S("suse"), false},
	{S("suse"), S("sles"), S("suse"), false},
	{S("sles-sap"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise-server"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise-desktop"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise-server-for-sap"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise"), S("sles"), S("suse"), false},
	{S("slem"), S("slem"), S("suse"), false},
	{S("sle-micro"), S("slem"), S("suse"), false},
	{S("sl-micro"), S("slem"), S("suse"), false},
	{S("suse-linux-enterprise-micro"), S("slem"), S("suse"), false},
	{S("suse-linux-micro"), S("slem"), S("suse"), false},
	{S("opensuse-leap"), S("opensuse-leap"), S("opensuse"), false},
	{S("opensuse"), S("opensuse-leap"), S("opensuse"), false},
	{S("leap"), S("opensuse-leap"), S("opensuse"), false},
	{S("opensuse-leap-micro"), S("opensuse-leap-micro"), S("opensuse"), false},
	{S("leap-micro"), S("opensuse-leap-micro"), S("opensuse"), false},
	{S("opensuse-tumbleweed"), S("opensuse-tumbleweed"), S("opensuse"), true},
	{S("tumbleweed"), S("opensuse-tumbleweed"), S("opensuse"), true},
	{S("photon"), S("photon"), S("photon"), false},
	{S("photon-os"), S("photon"), S("photon"), false},
	{S("vmware-photon-os"), S("photon"), S("photon"), false},
	/* One maker: CBL-Mariner 1 and 2 became Azure Linux 3, and all are in its records. */
	{S("mariner"), S("azurelinux"), S("azurelinux"), false},
	{S("cbl-mariner"), S("azurelinux"), S("azurelinux"), false},
	{S("common-base-linux-mariner"), S("azurelinux"), S("azurelinux"), false},
	{S("azurelinux"), S("azurelinux"), S("azurelinux"), false},
	{S("azure-linux"), S("azurelinux"), S("azurelinux"), false},
	{S("microsoft-azure-linux"), S("azurelinux"), S("azurelinux"), false},
	{S("openeuler"), S("openeuler"), S("openeuler"), false},
	{S("mageia"), S("mageia"), S("mageia"), false},
};

/* Releases that are named by a word. */
static const struct {
	struct tu_str word;
	struct tu_str release;
} codenames[] = {
	{S("sarge"), S("debian-3.1")},
	{S("etch"), S("debian-4")},
	{S("lenny"), S("debian-5")},
	{S("squeeze"), S("debian-6")},
	{S("wheezy"), S("debian-7")},
	{S("jessie"), S("debian-8")},
	{S("stretch"), S("debian-9")},
	{S("buster"), S("debian-10")},
	{S("bullseye"), S("debian-11")},
	{S("bookworm"), S("debian-12")},
	{S("trixie"), S("debian-13")},
	{S("forky"), S("debian-14")},
	{S("duke"), S("debian-15")},
	{S("sid"), S("debian-sid")},
	{S("unstable"), S("debian-sid")},
	{S("hardy"), S("ubuntu-8.04")},
	{S("lucid"), S("ubuntu-10.04")},
	{S("maverick"), S("ubuntu-10.10")},
	{S("natty"), S("ubuntu-11.04")},
	{S("oneiric"), S("ubuntu-11.10")},
	{S("precise"), S("ubuntu-12.04")},
	{S("quantal"), S("ubuntu-12.10")},
	{S("raring"), S("ubuntu-13.04")},
	{S("saucy"), S("ubuntu-13.10")},
	{S("trusty"), S("ubuntu-14.04")},
	{S("utopic"), S("ubuntu-14.10")},
	{S("vivid"), S("ubuntu-15.04")},
	{S("wily"), S("ubuntu-15.10")},
	{S("xenial"), S("ubuntu-16.04")},
	{S("yakkety"), S("ubuntu-16.10")},
	{S("zesty"), S("ubuntu-17.04")},
	{S("artful"), S("ubuntu-17.10")},
	{S("bionic"), S("ubuntu-18.04")},
	{S("cosmic"), S("ubuntu-18.10")},
	{S("disco"), S("ubuntu-19.04")},
	{S("eoan"), S("ubuntu-19.10")},
	{S("focal"), S("ubuntu-20.04")},
	{S("groovy"), S("ubuntu-20.10")},
	{S("hirsute"), S("ubuntu-21.04")},
	{S("impish"), S("ubuntu-21.10")},
	{S("jammy"), S("ubuntu-22.04")},
	{S("kinetic"), S("ubuntu-22.10")},
	{S("lunar"), S("ubuntu-23.04")},
	{S("mantic"), S("ubuntu-23.10")},
	{S("noble"), S("ubuntu-24.04")},
	{S("oracular"), S("ubuntu-24.10")},
	{S("plucky"), S("ubuntu-25.04")},
	{S("questing"), S("ubuntu-25.10")},
	{S("resolute"), S("ubuntu-26.04")},
};

static const struct spelling *find_spelling(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(spellings); i++) {
		if (tu_str_ieq(spellings[i].name, name))
			return &spellings[i];
	}
	return NULL;
}

struct tu_str tu_distro_of_codename(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(codenames); i++) {
		if (tu_str_ieq(codenames[i].word, word))
			return codenames[i].release;
	}
	return (struct tu_str){"", 0};
}

/* ---- spelling ---- */

static bool is_joint(char c)
{
	return c == '-' || c == ':' || c == ' ' || c == '_' || c == '/' || c == '.';
}

/* Where the release begins: a number, also after a "v", that follows a joint. */
static size_t release_start(struct tu_str text)
{
	for (size_t i = 1; i < text.len; i++) {
		struct tu_str rest = tu_str_from(text, i);

		if (!is_joint(text.ptr[i - 1]))
			continue;
		if (tu_char_is_digit(rest.ptr[0]) ||
			(rest.len > 1 && rest.ptr[0] == 'v' && tu_char_is_digit(rest.ptr[1])))
			return i;
	}
	return text.len;
}

static void put_name(struct tu_str name, struct tu_buf *out)
{
	while (name.len && is_joint(name.ptr[name.len - 1]))
		name.len--;
	for (size_t i = 0; i < name.len; i++)
		tu_buf_byte(out, is_joint(name.ptr[i]) ? '-' : tu_char_lower(name.ptr[i]));
}

/* Names of more than one joint are spelled out: "debian" of "debian-11", "opensuse-leap" of
 * "opensuse-leap-15.4". */
struct tu_str tu_distro_namespace(struct tu_str name)
{
	const struct spelling *known = find_spelling(name);
	struct tu_str stem = tu_str_first(name, release_start(name));

	while (stem.len && is_joint(stem.ptr[stem.len - 1]))
		stem.len--;
	if (!known)
		known = find_spelling(stem);
	if (!known)
		known = find_spelling(tu_str_first(stem, tu_str_rfind(stem, '-')));
	return known ? known->namespace_ : name;
}

/* "SP4" as a word of its own in what follows the number: the digits, or empty. */
static struct tu_str service_pack(struct tu_str rest)
{
	for (size_t i = 1; i + 2 < rest.len; i++) {
		struct tu_str word = tu_str_from(rest, i);

		if (tu_char_is_alnum(rest.ptr[i - 1]) || !tu_str_istarts(word, TU_STR("sp")))
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

/* "v3.18", "12 (bookworm)", "22.04.3 LTS", "15-sp4", "15 SP4". openEuler's releases of one number
 * are releases of their own: "22.03 LTS" is the first, "22.03-LTS-SP1" the next, and "22.03" may be
 * any of them. */
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
	tu_buf_str_add(out, tu_str_first(release, end));
	pack = service_pack(rest);
	if (pack.len)
		tu_buf_printf(out, euler ? ".sp%.*s" : ".%.*s", TU_STR_FMT(pack));
	else if (euler && tu_str_isearch(rest, TU_STR("LTS")) < rest.len)
		tu_buf_c(out, ".lts");
}

/* A codename as the last word: "debian-bookworm", "ubuntu:jammy", "sid". */
static struct tu_str codename_in(struct tu_str text)
{
	size_t start = text.len;

	while (start > 0 && !is_joint(text.ptr[start - 1]))
		start--;
	return tu_distro_of_codename(tu_str_from(text, start));
}

static void spell(struct tu_str text, struct tu_buf *out)
{
	size_t start = release_start(text);
	struct tu_str codename = start == text.len ? codename_in(text) : (struct tu_str){"", 0};
	const struct spelling *known;

	if (codename.len) {
		tu_buf_str_add(out, codename);
		return;
	}
	put_name(tu_str_first(text, start), out);
	known = find_spelling(tu_buf_str(out));
	if (known) {
		tu_buf_clear(out);
		tu_buf_str_add(out, known->word);
	}
	if (start < text.len && !(known && known->rolling))
		put_release(known ? known->word : (struct tu_str){"", 0}, tu_str_from(text, start),
			out);
}

/* "alpine-edge": a known name and a word that is no number. */
static bool spell_word(struct tu_str text, struct tu_buf *out)
{
	size_t dash = tu_str_rfind(text, '-');
	const struct spelling *known;

	if (dash == text.len)
		return false;
	known = find_spelling(tu_str_first(text, dash));
	if (!known)
		return false;
	tu_buf_clear(out);
	tu_buf_str_add(out, known->word);
	if (!known->rolling) {
		tu_buf_byte(out, '-');
		tu_buf_str_add(out, tu_str_from(text, dash + 1));
	}
	return true;
}

/* "debian-12.5": already so, as most SBOMs have it. */
static bool is_spelled(struct tu_str text)
{
	size_t dash = tu_str_rfind(text, '-');
	const struct spelling *known = find_spelling(tu_str_first(text, dash));

	if (dash + 1 >= text.len || !known || known->rolling ||
		!tu_str_eq(known->word, tu_str_first(text, dash)))
		return false;
	for (size_t i = dash + 1; i < text.len; i++) {
		if (!tu_char_is_digit(text.ptr[i]) && text.ptr[i] != '.')
			return false;
	}
	return true;
}

bool tu_distro_spell(struct tu_arena *arena, struct tu_str text, struct tu_str *out_distro)
{
	struct tu_buf buf;
	struct tu_str lower;
	bool ok;

	*out_distro = (struct tu_str){"", 0};
	text = tu_str_trim(text);
	if (text.len == 0 || text.len > TEXT_MAX)
		return true;
	if (is_spelled(text))
		return tu_arena_dup(arena, text, out_distro);
	tu_buf_init(&buf, 2 * TEXT_MAX);
	spell(text, &buf);
	ok = !buf.failed && tu_arena_dup(arena, tu_buf_str(&buf), &lower);
	if (ok && !find_spelling(lower) && spell_word(lower, &buf))
		ok = tu_arena_dup(arena, tu_buf_str(&buf), &lower);
	if (ok)
		*out_distro = lower;
	tu_buf_done(&buf);
	return ok && !buf.failed;
}

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
	return rest.len == 0 || rest.ptr[0] == '.' || rest.ptr[0] == ':' || rest.ptr[0] == '-';
}

bool tu_distro_has_release(struct tu_str distro)
{
	const struct spelling *known = find_spelling(distro);

	return distro.len > 0 && (!known || known->rolling);
}

bool tu_distro_names_release(struct tu_str distro)
{
	static const struct tu_str rolling[] = {S("sid"), S("testing"), S("edge"), S("rawhide"),
		S("tumbleweed"), S("stream"), S("cauldron"), S("cooker")};
	struct tu_str release = tu_str_from(distro, tu_str_rfind(distro, '-') + 1);

	for (size_t i = 0; i < TU_COUNT(rolling); i++) {
		if (tu_str_ieq(rolling[i], release))
			return true;
	}
	return release.len > 0 && tu_char_is_digit(release.ptr[0]);
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

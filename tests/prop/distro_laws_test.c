/* The laws of distributions' versions and releases, over random records and packages. */
#include <tutela/advisory.h>
#include <tutela/buf.h>
#include <tutela/kb.h>
#include <tutela/match.h>

#include "kit.h"

enum { ROUNDS = 400, ROOM = 1024, FEED_MAX = 1024 * 1024 };

/* One record about one package of one release, and the package. */
struct pair {
	const char *ecosystem; /* "Red Hat:enterprise_linux:9::baseos" */
	const char *purl; /* "pkg:rpm/redhat/pump" */
	const char *distro; /* of the package */
	const char *fixed;
	const char *version;
	const char *epoch; /* of both, or NULL */
	unsigned way; /* in which the package states its epoch */
};

static enum tu_status take(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	return tu_kb_builder_add(context, advisory, err);
}

static void ignore(void *context, struct tu_str where, struct tu_str what)
{
	(void)context;
	(void)where;
	(void)what;
}

static bool build(const char *record, struct tu_buf *bytes, struct tu_kb **out_kb)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	struct tu_advisory_sink sink = {take, ignore, builder};
	struct tu_feed_summary summary = {0};
	struct tu_kb_build_counts counts;
	bool ok = builder && reader &&
		!tu_advisory_read(
			reader, TU_STR("feed.jsonl"), tu_str_c(record), &sink, &summary, NULL) &&
		!tu_kb_builder_finish(builder, bytes, &counts, NULL) &&
		!tu_kb_open_memory(bytes->ptr, bytes->len, out_kb, NULL);

	tu_advisory_reader_free(reader);
	tu_kb_builder_free(builder);
	return ok;
}

/* The verdict about the only vulnerability; *out_reason says why. False: no finding. */
static bool judge_component(const struct tu_kb *kb, const struct tu_component *component,
	enum tu_match_verdict *out_verdict, enum tu_reason *out_reason)
{
	const struct tu_inventory inventory = {.components = component, .component_count = 1};
	const struct tu_match_options options = {.keep_all = true};
	const struct tu_match_result *result;
	struct tu_arena *arena = tu_arena_new(0);
	bool found = arena && !tu_match(arena, kb, &inventory, &options, &result, NULL) &&
		result->finding_count == 1;

	if (found) {
		*out_verdict = result->findings[0].verdict;
		*out_reason = result->findings[0].reason;
	}
	tu_arena_free(arena);
	return found;
}

static bool judge(
	const struct pair *pair, enum tu_match_verdict *out_verdict, enum tu_reason *out_reason)
{
	const char *epoch = pair->epoch ? pair->epoch : "";
	const char *colon = pair->epoch ? ":" : "";
	bool inside = pair->epoch && pair->way == 0;
	char record[ROOM], purl[ROOM], version[ROOM];
	struct tu_component component = {.purl = {NULL, 0}, .parent = TU_NO_COMPONENT};
	struct tu_kb *kb = NULL;
	struct tu_buf bytes;
	bool ok;

	(void)snprintf(record, sizeof(record),
		"{\"schema_version\":\"1.6.0\",\"id\":\"X-1\",\"modified\":\"2024-01-01T00:00:"
		"00Z\","
		"\"aliases\":[\"CVE-2024-1\"],\"affected\":[{\"package\":{\"ecosystem\":\"%s\","
		"\"name\":\"pump\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{"
		"\"introduced\":"
		"\"0\"},{\"fixed\":\"%s%s%s\"}]}]}]}\n",
		pair->ecosystem, epoch, colon, pair->fixed);
	(void)snprintf(purl, sizeof(purl), "%s@%s%s%s?distro=%s%s%s", pair->purl,
		inside ? epoch : "", inside ? colon : "", pair->version, pair->distro,
		pair->epoch && pair->way == 1 ? "&epoch=" : "",
		pair->epoch && pair->way == 1 ? epoch : "");
	(void)snprintf(version, sizeof(version), "%s%s%s", pair->way == 2 ? epoch : "",
		pair->way == 2 ? colon : "", pair->version);
	component.purl = tu_str_c(purl);
	component.version = tu_str_c(version);
	tu_buf_init(&bytes, FEED_MAX);
	ok = build(record, &bytes, &kb) && judge_component(kb, &component, out_verdict, out_reason);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
	return ok;
}

static const struct place {
	const char *ecosystem;
	const char *purl;
	const char *distro;
} places[] = {
	{"Red Hat:enterprise_linux:9::baseos", "pkg:rpm/redhat/pump", "rhel-9.4"},
	{"AlmaLinux:8", "pkg:rpm/almalinux/pump", "almalinux-8.10"},
	{"Debian:12", "pkg:deb/debian/pump", "debian-12"},
	{"Ubuntu:22.04:LTS", "pkg:deb/ubuntu/pump", "ubuntu-22.04"},
	{"openEuler:24.03-LTS", "pkg:rpm/openeuler/pump", "openeuler-24.03-LTS"},
	{"Azure Linux:3", "pkg:rpm/azurelinux/pump", "azurelinux-3.0"},
	{"openSUSE:Leap 15.6", "pkg:rpm/opensuse/pump", "opensuse-leap-15.6"},
};

static void random_version(struct prop *p, char *room, size_t size)
{
	static const char *const releases[] = {"1", "2", "10", "1.el9", "2.el9_4.1", "0ubuntu1",
		"1+deb12u1", "3.azl3", "150600.4.3.1", "5.oe2403"};

	(void)snprintf(room, size, "%zu.%zu.%zu-%s", prop_below(p, 3), prop_below(p, 4),
		prop_below(p, 12), releases[prop_below(p, TU_COUNT(releases))]);
}

/* Adding an epoch to both sides never changes a verdict, however the package states it. */
static void check_epochs(struct prop *p)
{
	static const char *const epochs[] = {"1", "2", "4", "32"};
	char fixed[64], version[64], broken[ROOM] = "";

	for (int i = 0; i < ROUNDS && broken[0] == '\0'; i++) {
		const struct place *place = &places[prop_below(p, TU_COUNT(places))];
		struct pair pair = {
			place->ecosystem, place->purl, place->distro, fixed, version, NULL, 0};
		enum tu_match_verdict plain, with;
		enum tu_reason reason;

		random_version(p, fixed, sizeof(fixed));
		random_version(p, version, sizeof(version));
		if (!judge(&pair, &plain, &reason)) {
			(void)snprintf(broken, sizeof(broken), "no finding: %s", version);
			break;
		}
		pair.epoch = epochs[prop_below(p, TU_COUNT(epochs))];
		pair.way = (unsigned)prop_below(p, 3);
		if (!judge(&pair, &with, &reason) || with != plain)
			(void)snprintf(broken, sizeof(broken), "%s: %s < %s, epoch %s, way %u",
				place->distro, version, fixed, pair.epoch, pair.way);
	}
	prop_report(p, "an epoch on both sides changes no verdict", broken[0] ? broken : NULL);
}

/* A release that no record is about is never "not affected". */
static void check_releases(struct prop *p)
{
	static const char *const unknown[] = {"rhel-10.1", "rhel-rawhide", "almalinux-7",
		"debian-10", "debian-nonsense", "buster", "ubuntu-26.04", "ubuntu-zesty",
		"openeuler-24.03-LTS-SP2", "openeuler-22.03", "openeuler-24.03", "azurelinux-2.0",
		"mariner-1.0", "opensuse-leap-15.5", "sl-micro-6.1", "acme-os-7", "99"};
	char fixed[64], version[64], broken[ROOM] = "";
	unsigned affected = 0;

	for (int i = 0; i < ROUNDS && broken[0] == '\0'; i++) {
		const struct place *place = &places[prop_below(p, TU_COUNT(places))];
		struct pair pair = {place->ecosystem, place->purl,
			unknown[prop_below(p, TU_COUNT(unknown))], fixed, version, NULL, 0};
		enum tu_match_verdict verdict;
		enum tu_reason reason;

		random_version(p, fixed, sizeof(fixed));
		random_version(p, version, sizeof(version));
		if (!judge(&pair, &verdict, &reason) || verdict == TU_MATCH_NOT_AFFECTED)
			(void)snprintf(broken, sizeof(broken), "%s in %s: %s < %s", pair.distro,
				place->ecosystem, version, fixed);
		affected += verdict == TU_MATCH_AFFECTED;
	}
	if (broken[0] == '\0' && affected)
		(void)snprintf(broken, sizeof(broken), "%u affected", affected);
	prop_report(
		p, "a release that the data do not know is undecided", broken[0] ? broken : NULL);
}

int main(void)
{
	struct prop p = prop_begin();

	check_epochs(&p);
	check_releases(&p);
	return prop_end(&p);
}

#include "match/module.h"

#include "match/distro.h"

struct tu_str tu_match__module_stream(
	const struct tu_component *component, const struct tu_purl *purl)
{
	static const struct tu_str properties[] = {TU_STR_INIT("syft:metadata:modularityLabel"),
		TU_STR_INIT("aquasecurity:trivy:Modularitylabel")};
	struct tu_str label;

	if (!tu_str_eq(purl->type, TU_STR("rpm")))
		return (struct tu_str){"", 0};
	label = tu_purl_qualifier(purl, TU_STR("rpmmod"));
	for (size_t i = 0; i < TU_COUNT(properties) && label.len == 0; i++)
		label = tu_component_property(component, properties[i]);
	return label;
}

/* ".module_el8.5.0+826+29c1ad77", ".module+el8.8.0+19898+ab99ba34": from the mark on, or empty. */
static struct tu_str build_of(struct tu_str version)
{
	struct tu_str build = tu_str_from(version, tu_str_search(version, TU_STR(".module")));

	return build.len > 7 && (build.ptr[7] == '_' || build.ptr[7] == '+')
		? build
		: (struct tu_str){"", 0};
}

/* "12.5" of "0:12.5-1.module_el8": what the upstream project called it. */
static struct tu_str line_of(struct tu_str version)
{
	(void)tu_match__take_epoch(&version);
	return tu_str_first(version, tu_str_find(version, '-'));
}

/* Does the version begin with all parts of `line`? */
static bool is_of_line(struct tu_str version, struct tu_str line)
{
	return tu_str_starts(version, line) &&
		(version.len == line.len || !tu_char_is_digit(version.ptr[line.len]));
}

static struct tu_str parts(struct tu_str version, size_t count)
{
	for (size_t i = 0; i < version.len; i++) {
		if (version.ptr[i] == '.' && --count == 0)
			return tu_str_first(version, i);
	}
	return version;
}

/* How many parts of a version make a stream of these packages; two of all others. */
static size_t parts_of(struct tu_str name)
{
	static const struct tu_str by_first[] = {TU_STR_INIT("nodejs"), TU_STR_INIT("redis"),
		TU_STR_INIT("varnish"), TU_STR_INIT("llvm")};

	for (size_t i = 0; i < TU_COUNT(by_first); i++) {
		if (tu_str_eq(by_first[i], name))
			return 1;
	}
	return 2;
}

/* PostgreSQL has counted its lines by one number since version 10. */
static size_t parts_here(struct tu_str name, struct tu_str version)
{
	bool two_digits = version.len > 1 && tu_char_is_digit(version.ptr[1]);

	return tu_str_starts(name, TU_STR("postgresql")) && two_digits ? 1 : parts_of(name);
}

static bool same_stream(
	const struct identity *id, const struct id_package *package, struct tu_str bound)
{
	struct tu_str stream = tu_str_from(id->stream, tu_str_find(id->stream, ':') + 1);
	struct tu_str own_build = build_of(package->version->text);
	struct tu_str build = build_of(bound);
	struct tu_str own = line_of(package->version->text);
	struct tu_str other = line_of(bound);
	size_t count;

	if ((own_build.len || id->stream.len) != (build.len > 0))
		return false;
	if (build.len == 0)
		return true;
	stream = tu_str_first(stream, tu_str_find(stream, ':'));
	if (stream.len && tu_char_is_digit(stream.ptr[0]) && is_of_line(own, stream))
		return is_of_line(other, stream);
	count = parts_here(package->name, own);
	return tu_str_eq(parts(own, count), parts(other, count));
}

bool tu_match__other_stream(const struct tu_kb *kb, const struct kb_body *body,
	const struct identity *id, const struct id_package *package)
{
	uint32_t first = body->first_span;

	if (!tu_str_eq(package->type, TU_STR("rpm")) || package->version->text.len == 0)
		return false;
	for (uint32_t i = first; i < body[1].first_span; i++) {
		struct tu_interval interval = kb_interval(kb, kb_span_at(kb, i));
		struct tu_str bound = interval.hi.text.len ? interval.hi.text : interval.lo.text;

		if (bound.len && !tu_str_eq(bound, TU_STR("0")) && !same_stream(id, package, bound))
			return true;
	}
	return false;
}

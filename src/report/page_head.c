/* The head and the foot of the page, and the section about the device and its release. */
#include "report/page_parts.h"

static void add_variants(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;

	for (size_t i = 0; i < device->variant_count; i++) {
		const struct tu_variant *variant = &device->variants[i];

		tu_page__raw(page, i ? "<br>" : "");
		tu_page__text(page, variant->udi_di.len ? variant->udi_di : TU_STR("not stated"));
		tu_page__raw(page, " (");
		tu_page__text(page, variant->name);
		if (variant->markets.count)
			tu_page__raw(page, "; ");
		tu_page__list(page, &variant->markets);
		tu_page__raw(page, ")");
	}
	if (!device->variant_count)
		tu_page__raw(page, "not stated");
}

static void add_releases(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;

	for (size_t i = device->release_count; i-- > 0;) {
		const struct tu_release *release = &device->releases[i];
		bool here = release == page->in->release;

		tu_page__raw(page, here ? "<b>" : "");
		tu_page__text(page, release->version);
		tu_page__raw(page, here ? "</b> (released " : " (released ");
		tu_html_date(page->out, release->released, "a date not stated");
		tu_page__raw(page, here ? "; this report)" : ")");
		tu_page__raw(page, i ? "<br>" : "");
	}
}

static void add_support(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;
	int64_t end = page->in->release->support_end ? page->in->release->support_end
						     : device->support_end;
	const char *name = tu_lifecycle_name(device->lifecycle);

	tu_page__word(page, *name ? name : "not stated");
	tu_page__raw(page, "; support from ");
	tu_html_date(page->out, device->support_start, "a date not stated");
	if (device->limited_support) {
		tu_page__raw(page, ", limited from ");
		tu_html_date(page->out, device->limited_support, "");
	}
	tu_page__raw(page, " to ");
	tu_html_date(page->out, end, "a date not stated");
	if (end && end < page->in->at)
		tu_page__raw(page, " <span class=\"mark bad\">ended</span>");
}

/* As old as the oldest source that matters: one fresh feed must not hide the others. */
static void add_reach(struct tu_page *page, const struct tu_kb_info *info)
{
	struct tu_kb_source oldest;

	if (!tu_kb_oldest_source(page->in->kb, &oldest)) {
		tu_page__raw(page, "; newest record without a date");
		return;
	}
	if (info->sources > 1) {
		tu_page__raw(page, "; oldest source ");
		tu_page__text(page,
			oldest.database.len ? oldest.database
					    : tu_str_c(tu_source_name(oldest.source)));
		tu_page__raw(page, ":");
	} else {
		tu_page__raw(page, ";");
	}
	tu_page__raw(page, " newest record ");
	tu_html_date(page->out, oldest.newest, "");
	if (oldest.newest > page->in->at) {
		tu_page__raw(page, ", after the time of this report");
		return;
	}
	tu_page__raw(page, ", ");
	tu_html_days(page->out, page->in->at - oldest.newest);
	tu_page__raw(page, " before this report");
}

static void add_knowledge(struct tu_page *page)
{
	struct tu_kb_info info;

	tu_kb_info(page->in->kb, &info);
	if (page->in->kb_path.len)
		tu_page__text(page, page->in->kb_path);
	else
		tu_page__raw(page,
			"the built-in starter, a small selection: no substitute for the feeds");
	add_reach(page, &info);
	tu_page__raw(page, " (<a href=\"#knowledge\">sources</a>)");
}

static void add_policy(struct tu_page *page)
{
	const struct tu_policy_text *policy = &page->in->device->policy.document;

	if (!policy->version.len && !policy->approved_by.len) {
		tu_page__raw(page, "no version and no approval stated");
		return;
	}
	tu_page__raw(page, "version ");
	tu_page__text(page, policy->version.len ? policy->version : TU_STR("not stated"));
	if (!policy->approved_by.len) {
		tu_page__raw(page, ", <span class=\"mark bad\">not approved</span>");
		return;
	}
	tu_page__raw(page, ", approved by ");
	tu_page__text(page, policy->approved_by);
	tu_page__raw(page, " on ");
	tu_html_date(page->out, policy->approved_at, "a date not stated");
}

enum tu_status tu_page__about(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;
	static const struct {
		const char *term;
		void (*add)(struct tu_page *page);
	} parts[] = {
		{"UDI-DI", add_variants},
		{"Releases", add_releases},
		{"Lifecycle", add_support},
		{"Risk policy", add_policy},
	};

	tu_page__raw(page, "<dl class=\"facts\">");
	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		tu_page__term(page, parts[i].term);
		parts[i].add(page);
		tu_page__raw(page, "</dd>");
	}
	tu_page__fact(page, "Intended use", device->intended_use);
	tu_page__fact(page, "Safety and essential performance", device->safety);
	tu_page__raw(page, "</dl>\n");
	return TU_OK;
}

/* Three facts that say what the page is worth: who, when, and on what knowledge. */
static void add_facts(struct tu_page *page)
{
	tu_page__raw(page, "<dl class=\"facts\">");
	tu_page__fact(page, "Manufacturer", page->in->device->manufacturer.name);
	tu_page__term(page, "As of");
	tu_html_time(page->out, page->in->at, "");
	tu_page__raw(page, ", written by ");
	tu_page__text(page, page->in->tool);
	tu_page__raw(page, "</dd>");
	tu_page__term(page, "Knowledge base");
	add_knowledge(page);
	tu_page__raw(page, "</dd></dl>\n");
}

void tu_page__header(struct tu_page *page)
{
	tu_page__document(page);
	tu_page__text(page, page->in->device->family);
	tu_page__raw(page, " ");
	tu_page__text(page, page->in->release->version);
	tu_page__raw(page, ": vulnerability assessment, ");
	tu_html_date(page->out, page->in->at, "");
	tu_page__document_style(page);
	tu_page__raw(page, "<p class=\"kind\">Vulnerability assessment</p>\n<h1>");
	tu_page__text(page, page->in->device->family);
	tu_page__raw(page, " <span class=\"release\">release ");
	tu_page__text(page, page->in->release->version);
	tu_page__raw(page, "</span></h1>\n");
	add_facts(page);
	tu_page__raw(page, "</header>\n");
}

void tu_page__footer(struct tu_page *page)
{
	tu_page__raw(page,
		"\n<footer><p>Every number comes from the device folder, its decisions, the SBOM "
		"and "
		"the knowledge base named above, as of ");
	tu_html_time(page->out, page->in->at, "");
	tu_page__raw(page, ". The same input gives the same page. Written by ");
	tu_page__text(page, page->in->tool);
	tu_page__raw(page, ".</p></footer>\n</body>\n</html>\n");
}

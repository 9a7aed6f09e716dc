#include "sbom/read/markup.h"

struct tu_markup tu_markup(struct tu_buf *out, bool xml)
{
	struct tu_markup m = {.xml = xml, .json_to = tu_json_writer(out, true)};

	if (xml)
		m.xml_to = tu_xml_writer(out);
	return m;
}

/* Readers of XML take white space at the ends for layout. */
static void look_at(struct tu_markup *m, struct tu_str text)
{
	if (m->xml && tu_str_trim(text).len != text.len)
		m->changed = true;
}

static void look_back(struct tu_markup *m, size_t replaced)
{
	if (m->xml_to.replaced != replaced)
		m->changed = true;
}

void tu_markup_open(struct tu_markup *m, const char *name)
{
	if (m->xml) {
		tu_xml_open(&m->xml_to, name);
		return;
	}
	tu_json_key(&m->json_to, name);
	tu_json_open_object(&m->json_to);
}

void tu_markup_close(struct tu_markup *m, const char *name)
{
	if (m->xml)
		tu_xml_close(&m->xml_to, name);
	else
		tu_json_close_object(&m->json_to);
}

void tu_markup_list(struct tu_markup *m, const char *name)
{
	if (m->xml) {
		tu_xml_open(&m->xml_to, name);
		return;
	}
	tu_json_key(&m->json_to, name);
	tu_json_open_array(&m->json_to);
}

void tu_markup_end_list(struct tu_markup *m, const char *name)
{
	if (m->xml)
		tu_xml_close(&m->xml_to, name);
	else
		tu_json_close_array(&m->json_to);
}

void tu_markup_item(struct tu_markup *m, const char *element)
{
	if (!m->xml)
		tu_json_open_object(&m->json_to);
	else if (element)
		tu_xml_open(&m->xml_to, element);
}

void tu_markup_end_item(struct tu_markup *m, const char *element)
{
	if (!m->xml)
		tu_json_close_object(&m->json_to);
	else if (element)
		tu_xml_close(&m->xml_to, element);
}

void tu_markup_text(struct tu_markup *m, const char *name, struct tu_str text)
{
	size_t replaced = m->xml_to.replaced;

	look_at(m, text);
	if (m->xml)
		tu_xml_element(&m->xml_to, name, text);
	else
		tu_json_member_str(&m->json_to, name, text);
	look_back(m, replaced);
}

void tu_markup_opt(struct tu_markup *m, const char *name, struct tu_str text)
{
	if (text.len)
		tu_markup_text(m, name, text);
}

void tu_markup_attr(struct tu_markup *m, const char *name, struct tu_str text)
{
	size_t replaced = m->xml_to.replaced;

	look_at(m, text);
	if (m->xml)
		tu_xml_add_attr(&m->xml_to, name, text);
	else
		tu_json_member_str(&m->json_to, name, text);
	look_back(m, replaced);
}

void tu_markup_content(struct tu_markup *m, const char *name, struct tu_str text)
{
	size_t replaced = m->xml_to.replaced;

	look_at(m, text);
	if (m->xml)
		tu_xml_add_text(&m->xml_to, text);
	else
		tu_json_member_str(&m->json_to, name, text);
	look_back(m, replaced);
}

void tu_markup_refs(struct tu_markup *m, const char *name)
{
	if (m->xml)
		return;
	tu_json_key(&m->json_to, name);
	tu_json_open_array(&m->json_to);
}

void tu_markup_item_text(struct tu_markup *m, const char *element, struct tu_str text)
{
	if (m->xml)
		tu_markup_text(m, element, text);
	else
		tu_json_add_str(&m->json_to, text);
}

void tu_markup_ref(struct tu_markup *m, const char *element, struct tu_str ref)
{
	if (!m->xml) {
		tu_json_add_str(&m->json_to, ref);
		return;
	}
	tu_xml_open(&m->xml_to, element);
	tu_markup_attr(m, "ref", ref);
	tu_xml_close(&m->xml_to, element);
}

void tu_markup_end_refs(struct tu_markup *m)
{
	if (!m->xml)
		tu_json_close_array(&m->json_to);
}

/* What a target cannot hold: counted by kind, named once. */
#include "sbom/write/write.h"

static const char *const words[TU_LOSSES_] = {
	[TU_LOSS_KIND] = "the target has no such type of component: written as another",
	[TU_LOSS_NAME] = "a component without name: its purl or index is written as its name",
	[TU_LOSS_REF] = "written as another: an id that is not of the target's form",
	[TU_LOSS_TEXT] = "changed: characters, or white space, that the target cannot hold",
	[TU_LOSS_GROUP] = "lost: the group of a component",
	[TU_LOSS_SCOPE] = "lost: that a component is optional or excluded",
	[TU_LOSS_PURL] = "lost: a purl that is not of the target's form",
	[TU_LOSS_HASH] = "lost: a hash of an algorithm that the target does not have",
	[TU_LOSS_LICENCE] = "lost: a licence that the target cannot express",
	[TU_LOSS_PROPERTY] = "lost: properties",
	[TU_LOSS_RESOLVED_SOURCE] = "lost: who says that a vulnerability is resolved, or how",
	[TU_LOSS_RELATION] = "lost: a relationship of a type that the target does not have",
	[TU_LOSS_RELATION_TYPE] =
		"written as a plain dependency: one of a type that the target does not have",
	[TU_LOSS_STATEMENT] = "lost: statements on vulnerabilities",
	[TU_LOSS_STATE] = "written as another: a state that the target does not have",
	[TU_LOSS_JUSTIFICATION] =
		"written as detail: a justification that is not one of the target's",
	[TU_LOSS_SERIAL] = "lost: a serial number that is not of the target's form",
	[TU_LOSS_CREATED] = "lost, or written in UTC: a time that is not of the target's form",
	[TU_LOSS_SUBJECT] = "lost: that a nested component is what the document describes",
	[TU_LOSS_ROOTS] = "added: that the document describes what nothing is above of, as the "
			  "source does not name a subject",
	[TU_LOSS_CONTACT] = "lost: where a person or organization is reached",
	[TU_LOSS_PHASE] = "lost: the phase in which the document was made",
	[TU_LOSS_MAKER] = "lost: a person or organization beside those that the target names",
	[TU_LOSS_MAKER_KIND] =
		"written as another: whether a name is that of a person, an organization or a tool",
	[TU_LOSS_MAKER_ROLE] = "written as another: the part that a person or organization has",
	[TU_LOSS_ACKNOWLEDGEMENT] = "lost: whether a licence is declared or concluded",
	[TU_LOSS_LICENCE_AS_NAME] =
		"written as a name: an expression of licences beside other licences",
	[TU_LOSS_LICENCE_NOT_SPDX] = "written as a name: a licence that is neither an id nor an "
				     "expression of SPDX",
	[TU_LOSS_LICENCE_TEXT] = "lost: the name, text, comment or URL of a licence",
	[TU_LOSS_REFERENCE] = "lost: an external reference that is not of the target's form",
	[TU_LOSS_REFERENCE_TYPE] = "written as \"other\": an external reference of a type that the "
				   "target does not have",
	[TU_LOSS_LEAF] = "lost: that a component is known to depend on nothing",
	[TU_LOSS_BOM_VERSION] = "lost: the version of the document",
	[TU_LOSS_DATA_LICENCE] = "lost: the licence of the document itself",
	[TU_LOSS_DOCUMENT_PROPERTY] = "lost: properties of the document",
	[TU_LOSS_LICENCE_DEPRECATED] =
		"written as another: a deprecated licence id, by what is to be used instead",
	[TU_LOSS_LICENCE_REF] =
		"written as LicenseRef-…: a licence that is not on the list of SPDX",
	[TU_LOSS_LICENCE_UNEXPLAINED] = "added: an entry without text for a LicenseRef-… that the "
					"source does not explain",
	[TU_LOSS_LICENCE_DECLARED] = "written as declared: a licence of which the source does not "
				     "say whether it is declared or concluded",
	[TU_LOSS_FILE] = "written as a package: a file",
	[TU_LOSS_LOCATOR] =
		"written in the category OTHER: an identifier that is not of its type's form",
	[TU_LOSS_CPE] = "written in the standard's form: a CPE name",
	[TU_LOSS_REFERENCE_HASH] = "lost: hashes of an external reference",
	[TU_LOSS_RELATION_OTHER] =
		"written as a plain one: a relationship of a type that the target does not have",
	[TU_LOSS_URL] = "lost: a location that is not of the target's form",
};

static void count(struct tu_sbom_lost *lost, const struct tu_component *component)
{
	if (lost->count++ == 0)
		lost->first = component;
}

void tu_sbom__lose(
	struct tu_sbom_writing *w, enum tu_sbom_loss loss, const struct tu_component *component)
{
	count(&w->lost[loss], component);
}

void tu_sbom__lose_text(
	struct tu_sbom_writing *w, enum tu_text_kind kind, const struct tu_component *component)
{
	count(&w->lost_texts[kind], component);
}

/* There are as many names as the tables of the readers have. */
void tu_sbom__lose_kept(
	struct tu_sbom_writing *w, struct tu_str name, const struct tu_component *component)
{
	struct tu_sbom_lost_kept kept = {.name = name};

	for (size_t i = 0; i < w->lost_kept.count; i++) {
		if (tu_str_eq(w->lost_kept.at[i].name, name)) {
			count(&w->lost_kept.at[i].lost, component);
			return;
		}
	}
	count(&kept.lost, component);
	if (!TU_VEC_PUSH_IN(w->arena, &w->lost_kept, kept))
		w->out->failed = true;
}

void tu_sbom__lose_unheld(struct tu_sbom_writing *w, enum tu_sbom_dialect dialect,
	const struct tu_component *component)
{
	const struct tu_sbom_detail *detail = component ? component->detail : w->inventory->detail;

	for (size_t i = 0; detail && i < detail->text_count; i++) {
		if (!tu_sbom__text_member(detail->texts[i].kind, dialect).len)
			tu_sbom__lose_text(w, detail->texts[i].kind, component);
	}
	for (size_t i = 0; detail && dialect != TU_SAY_CYCLONEDX && i < detail->kept_count; i++)
		tu_sbom__lose_kept(w, detail->kept[i].name, component);
}

/* ---- the list ---- */

struct list {
	struct tu_sbom_writing *w;
	struct tu_sbom_note *notes;
	size_t count;
};

static bool add(struct list *list, const struct tu_sbom_lost *lost, struct tu_str before,
	struct tu_str after)
{
	struct tu_sbom_note *note = &list->notes[list->count];
	struct tu_buf text;
	bool fine;

	if (!lost->count)
		return true;
	*note = (struct tu_sbom_note){.count = lost->count};
	tu_buf_init(&text, 1 << 20);
	tu_buf_str_add(&text, before);
	tu_buf_str_add(&text, after);
	fine = !text.failed && tu_arena_dup(list->w->arena, tu_buf_str(&text), &note->message);
	tu_buf_clear(&text);
	if (lost->first)
		tu_component_pointer(list->w->inventory, lost->first, &text);
	fine = fine && !text.failed &&
		tu_arena_dup(list->w->arena, tu_buf_str(&text), &note->pointer);
	tu_buf_done(&text);
	list->count++;
	return fine;
}

bool tu_sbom__list_losses(struct tu_sbom_writing *w, struct tu_sbom_losses *out_losses)
{
	const struct tu_inventory *inventory = w->inventory;
	size_t most = inventory->unkept_count + TU_LOSSES_ + TU_TEXTS_ + w->lost_kept.count;
	struct list list = {.w = w, .notes = tu_arena_array(w->arena, most, sizeof(*list.notes))};
	bool fine = list.notes != NULL;

	for (size_t i = 0; fine && i < inventory->unkept_count; i++)
		list.notes[list.count++] = inventory->unkept[i];
	for (size_t i = 0; fine && i < TU_LOSSES_; i++)
		fine = add(&list, &w->lost[i], tu_str_c(words[i]), TU_STR(""));
	for (size_t i = 0; fine && i < TU_TEXTS_; i++)
		fine = add(&list, &w->lost_texts[i], TU_STR("lost: "),
			tu_str_c(tu_sbom__text_words((enum tu_text_kind)i)));
	for (size_t i = 0; fine && i < w->lost_kept.count; i++)
		fine = add(&list, &w->lost_kept.at[i].lost,
			TU_STR("lost: what only CycloneDX has: "), w->lost_kept.at[i].name);
	*out_losses = (struct tu_sbom_losses){list.notes, list.count};
	return fine;
}

void tu_sbom__lose_of_document(struct tu_sbom_writing *w, enum tu_sbom_dialect dialect)
{
	const struct tu_inventory *inventory = w->inventory;
	const struct tu_sbom_detail *detail = inventory->detail;

	if (inventory->bom_version > 1)
		tu_sbom__lose(w, TU_LOSS_BOM_VERSION, NULL);
	if (inventory->property_count)
		tu_sbom__lose(w, TU_LOSS_DOCUMENT_PROPERTY, NULL);
	/* the data licence of every SPDX document */
	for (size_t i = 0; i < inventory->licence_count; i++) {
		if (!tu_str_eq(inventory->licences[i].text, TU_STR("CC0-1.0")))
			tu_sbom__lose(w, TU_LOSS_DATA_LICENCE, NULL);
	}
	for (size_t i = 0; detail && i < detail->maker_count; i++)
		tu_sbom__lose(w, TU_LOSS_MAKER, NULL);
	for (size_t i = 0; detail && i < detail->reference_count; i++)
		tu_sbom__lose(w, TU_LOSS_REFERENCE, NULL);
	tu_sbom__lose_unheld(w, dialect, NULL);
}

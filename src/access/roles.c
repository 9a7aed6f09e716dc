/* What each role may do, and each right of a key: access.h says what is in a class. */
#include "access/access.h"

static const char *const names[TU_CLASSES] = {
	[TU_CLASS_PUBLIC] = "public",
	[TU_CLASS_READ] = "read",
	[TU_CLASS_WRITE] = "write",
	[TU_CLASS_APPROVE] = "approve",
	[TU_CLASS_PUBLISH] = "publish",
	[TU_CLASS_SETUP] = "setup",
	[TU_CLASS_AUDIT] = "audit",
	[TU_CLASS_ADMIN] = "admin",
	[TU_CLASS_SELF] = "self",
};

const char *tu_access_class_name(enum tu_access_class class)
{
	return names[class];
}

/*
 * Who keeps the accounts decides nothing about devices, and who audits changes nothing: separation
 * of duties (21 CFR 11.10(g), IEC 62443-2-1).
 */
static const bool roles[TU_PERSON_ROLES][TU_CLASSES] = {
	/* public, read, write, approve, publish, setup, audit, admin, self */
	[TU_PERSON_VIEWER] = {true, true, false, false, false, false, false, false, true},
	[TU_PERSON_ANALYST] = {true, true, true, false, false, true, false, false, true},
	[TU_PERSON_APPROVER] = {true, true, true, true, true, true, true, false, true},
	[TU_PERSON_ADMINISTRATOR] = {true, true, false, false, false, true, true, true, true},
	[TU_PERSON_AUDITOR] = {true, true, false, false, false, false, true, false, true},
	[TU_PERSON_CUSTOMER] = {true, false, false, false, false, false, false, false, true},
};

/* A key never signs, publishes or keeps accounts. */
static const bool rights[TU_RIGHTS][TU_CLASSES] = {
	/* public, read, write, approve, publish, setup, audit, admin, self */
	[TU_RIGHT_READ] = {true, true, false, false, false, false, true, false, false},
	[TU_RIGHT_PUSH] = {true, false, true, false, false, true, false, false, false},
};

static uint32_t set_of(const bool row[TU_CLASSES])
{
	uint32_t set = 0;

	for (unsigned i = 0; i < TU_CLASSES; i++)
		set |= row[i] ? TU_CLASS_BIT(i) : 0;
	return set;
}

uint32_t tu_access_role_classes(enum tu_person_role role)
{
	return role < TU_PERSON_ROLES ? set_of(roles[role]) : 0;
}

uint32_t tu_access_key_classes(uint32_t of)
{
	uint32_t set = 0;

	for (unsigned i = 0; i < TU_RIGHTS; i++)
		set |= of & TU_RIGHT_BIT(i) ? set_of(rights[i]) : 0;
	return set;
}

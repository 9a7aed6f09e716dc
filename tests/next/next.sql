-- What a next release would change, for tests of upgrades: a table, an index and a column that this program does not know.
CREATE TABLE next (
	id {id},
	word {text} NOT NULL UNIQUE
){rows};

ALTER TABLE device ADD COLUMN next {int} NOT NULL DEFAULT 7;

CREATE INDEX next_device ON device (next);

INSERT INTO next (word) SELECT name FROM device WHERE name = 'no device has this name';

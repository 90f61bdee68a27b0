"""What is sealed opens with the right key, for the right record, and in no other way."""

import base64

import msgspec
import pytest

from api.security.encryption import (
    Encryption,
    EncryptionError,
    Key,
    new_key,
    parse_keys,
)

OLD = Key("old", bytes(range(32)))
NEW = Key("new", bytes(range(32, 64)))


class Private(msgspec.Struct, frozen=True):
    name: str
    phone: str | None = None


MARY = Private("Mary Canary", "01632 960123")


def test_a_sealed_struct_opens_as_it_was(encryption: Encryption) -> None:
    sealed = encryption.encrypt("r1", MARY)
    assert encryption.decrypt_as("r1", sealed, Private) == MARY
    assert b"Canary" not in sealed


def test_the_same_content_never_looks_the_same(encryption: Encryption) -> None:
    assert encryption.encrypt("r1", MARY) != encryption.encrypt("r1", MARY)


def test_a_blob_moved_to_another_record_does_not_open(encryption: Encryption) -> None:
    with pytest.raises(EncryptionError, match="does not open this record"):
        encryption.decrypt("r2", encryption.encrypt("r1", MARY))


def test_no_bit_of_a_blob_can_change_unseen(encryption: Encryption) -> None:
    sealed = encryption.encrypt("r1", b"content")
    for place in range(len(sealed)):
        harmed = bytearray(sealed)
        harmed[place] ^= 1
        with pytest.raises(EncryptionError):
            encryption.decrypt("r1", bytes(harmed))


@pytest.mark.parametrize("blob", [b"", b"\x00", b"\x03old", b"\xff" * 20])
def test_what_was_never_sealed_is_refused(encryption: Encryption, blob: bytes) -> None:
    with pytest.raises(EncryptionError):
        encryption.decrypt("r1", blob)


def test_a_wrong_key_of_the_same_name_says_so() -> None:
    sealed = Encryption([OLD]).encrypt("r1", MARY)
    with pytest.raises(EncryptionError, match="not the one it was sealed with"):
        Encryption([Key("old", NEW.secret)]).decrypt("r1", sealed)


def test_keys_turn_over_without_losing_a_record() -> None:
    before = Encryption([OLD])
    sealed, digest = before.encrypt("r1", MARY), before.lookup("mary@example.org")
    two_keys = Encryption([NEW, OLD])
    assert two_keys.decrypt_as("r1", sealed, Private) == MARY
    assert digest in two_keys.lookups("mary@example.org")
    assert two_keys.needs_current_key(sealed)
    resealed = two_keys.reencrypt("r1", sealed)
    assert not two_keys.needs_current_key(resealed)
    after = Encryption([NEW])
    assert after.decrypt_as("r1", resealed, Private) == MARY
    assert after.lookup("mary@example.org") == two_keys.lookups("mary@example.org")[0]
    with pytest.raises(EncryptionError, match="'old', which is not among the keys"):
        after.decrypt("r1", sealed)


def test_a_digest_of_an_address_needs_the_key() -> None:
    old_key, other_key = Encryption([OLD]), Encryption([Key("old", NEW.secret)])
    assert old_key.lookup("mary@example.org") == old_key.lookup("mary@example.org")
    assert old_key.lookup("mary@example.org") != other_key.lookup("mary@example.org")


SOUND = base64.b64encode(bytes(range(32))).decode()
"""Thirty-two bytes that differ: a secret that would do, were its name sound."""


@pytest.mark.parametrize(
    "text",
    ["a", "a:", "a:Zm9v", "a:not base64 canary", ":" + "A" * 44, "a b:" + SOUND],
)
def test_a_poor_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(EncryptionError) as error:
        parse_keys(text)
    assert "canary" not in str(error.value)


def test_two_keys_of_one_name_and_none_at_all_are_refused() -> None:
    with pytest.raises(EncryptionError):
        Encryption([OLD, OLD])
    with pytest.raises(EncryptionError):
        Encryption(parse_keys(" , \n"))


def test_a_key_shows_no_secret() -> None:
    assert repr(parse_keys(new_key())[0]).count("'") == 2

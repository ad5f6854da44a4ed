//! NIST's CAVP vectors and the RFCs' own, as collected in cryptography-vectors (tests/nist/convert.py).

use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs8::LineEnding;
use rsa::{BoxedUint, RsaPrivateKey, RsaPublicKey};
use sha2::Sha256;

use super::rsa::{PrivateKey, PublicKey};
use super::{digest, encoding};

/// The cases of a file: fields in hexadecimal, `-` for an empty one.
pub(super) fn cases(file: &str) -> Vec<Vec<Vec<u8>>> {
    let path = format!("{}/tests/nist/{file}", env!("CARGO_MANIFEST_DIR"));
    let field = |field: &str| const_hex::decode(field.trim_matches('-')).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split(' ').map(field).collect()).collect()
}

#[test]
fn sha_256_md5_and_hmac() {
    let sha256 = cases("sha256.txt");
    for case in &sha256 {
        assert_eq!(digest::sha256(&case[0]).as_slice(), case[1]);
        let mut streamed = digest::Hasher::sha256();
        case[0].chunks(7).for_each(|piece| streamed.update(piece));
        assert_eq!(*streamed.finish(), *case[1]);
    }
    let md5 = cases("md5.txt");
    for case in &md5 {
        let mut hasher = digest::Hasher::md5();
        hasher.update(&case[0]);
        assert_eq!(*hasher.finish(), *case[1]);
    }
    let hmac = cases("hmac_sha256.txt");
    for case in &hmac {
        let mac = digest::HmacKey::new(&case[0]).sign(&case[1]);
        assert!(mac.starts_with(&case[2]));
    }
    assert_eq!((sha256.len(), md5.len(), hmac.len()), (129, 7, 6));
}

#[test]
fn rsa_signatures_to_verify() {
    use rsa::signature::hazmat::PrehashVerifier;
    let path = format!("{}/tests/nist/rsa_verify.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let (mut ours, mut others, mut genuine) = (0, 0, 0);
    for line in text.lines() {
        let (fields, result) = line.rsplit_once(' ').unwrap();
        let fields: Vec<Vec<u8>> = fields
            .split(' ')
            .map(|field| const_hex::decode(field).unwrap())
            .collect();
        let exponent = BoxedUint::from_be_slice_vartime(&fields[1]);
        let key = RsaPublicKey::new_unchecked(BoxedUint::from_be_slice_vartime(&fields[0]), exponent);
        let sha256 = digest::sha256(&fields[2]);
        let expected = result == "P";
        genuine += usize::from(expected);
        let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
        let Ok(public) = PublicKey::from_text("key", &pem) else {
            // Other exponents than 65537 are refused by name; the arithmetic beneath is the same.
            assert_ne!(fields[1], [1, 0, 1]);
            let signature = rsa::pkcs1v15::Signature::try_from(fields[3].as_slice());
            let verifier = rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key);
            let good = signature.is_ok_and(|signature| verifier.verify_prehash(&sha256, &signature).is_ok());
            assert_eq!(good, expected);
            others += 1;
            continue;
        };
        let signature = encoding::base64(&fields[3]);
        assert_eq!(public.verify(&fields[2], &signature), expected);
        assert_eq!(public.verify_digest(&sha256, &signature), expected);
        assert_eq!(public.portable().verify(&fields[2], &signature), expected);
        ours += 1;
    }
    assert_eq!((ours, others, genuine), (17, 37, 9));
}

#[test]
fn rsa_signatures_to_make() {
    let mut cases = cases("rsa_sign.txt");
    assert_eq!(cases.len(), 30);
    if cfg!(debug_assertions) {
        // Unoptimised arithmetic takes seconds for a large key.
        cases.retain(|case| case[0].len() == 256);
    }
    let mut key: Option<(Vec<u8>, PrivateKey)> = None;
    for case in cases {
        let modulus = case[0].clone();
        let (_, private) = match key.take() {
            Some(known) if known.0 == modulus => key.insert(known),
            _ => {
                let number = |at: usize| BoxedUint::from_be_slice_vartime(&case[at]);
                let private = RsaPrivateKey::from_components(number(0), number(1), number(2), Vec::new()).unwrap();
                let pem = private.to_pkcs1_pem(LineEnding::LF).unwrap();
                key.insert((modulus, PrivateKey::from_pem("key", &pem).unwrap()))
            }
        };
        assert_eq!(private.sign(&case[3]).unwrap(), encoding::base64(&case[4]));
    }
}

/// What OpenSSL takes and this library refuses: a label that names another form than the bytes have, a wrong version.
const STRICTER: [&str; 3] = [
    "PEM_Serialization/rsa_wrong_delimiter_public_key.pem",
    "PKCS8/wrong-pem-delimiter-rsa.pem",
    "Traditional_OpenSSL_Serialization/rsa-wrong-version.pem",
];

/// Odd, damaged, foreign and good key files: each is taken or refused by name, as OpenSSL judges it.
#[test]
fn key_files() {
    let path = format!("{}/tests/nist/key_files.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let (mut files, mut accepted) = (0, 0);
    for line in text.lines() {
        let mut fields = line.split(' ');
        let mut field = || fields.next().unwrap();
        let (name, private, public) = (field(), field(), field());
        let data = encoding::from_base64(field()).unwrap();
        // Files that are no text reach the library as base64, the form in which DER is given.
        let text = String::from_utf8(data.clone()).unwrap_or_else(|_| encoding::base64(&data));
        for (field, expected, refusal) in [
            ("private_key", private, PrivateKey::from_pem("private_key", &text).err()),
            ("certificate", public, PublicKey::from_text("certificate", &text).err()),
        ] {
            if let Some(error) = &refusal {
                assert_eq!(
                    (error.code(), error.field_name()),
                    (crate::Code::InvalidKey, Some(field)),
                    "{name}"
                );
            }
            let taken = refusal.is_none();
            let stricter = STRICTER.contains(&name);
            assert_eq!(taken, expected == "accepted" && !stricter, "{name} as {field}");
            accepted += usize::from(taken);
        }
        files += 1;
    }
    assert_eq!((files, accepted), (106, 2));
}

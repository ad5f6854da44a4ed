//! A PNG file of one bit per pixel. Stored without compression: the `png` crate would add more to every package than
//! its compression saves.

/// A file of packed rows; a set bit is white.
pub(super) fn black_and_white(width: usize, height: usize, rows: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let size = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    let mut header = [size(width), size(height)].concat();
    // One bit of grey per pixel; the only methods for compression and filters; not interlaced.
    header.extend([1, 0, 0, 0, 0]);
    // Filter 0 in front of each row.
    let pixels: Vec<u8> = rows
        .flat_map(|row| core::iter::once(0).chain(row).collect::<Vec<u8>>())
        .collect();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &zlib_stored(&pixels));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Packs pixels into bytes, the first in the highest bit; filled up with ones.
pub(super) fn pack(bits: impl Iterator<Item = bool>) -> Vec<u8> {
    let bits: Vec<bool> = bits.collect();
    bits.chunks(8)
        .map(|bits| {
            (0..8).fold(0_u8, |byte, at| {
                (byte << 1) | u8::from(bits.get(at).copied().unwrap_or(true))
            })
        })
        .collect()
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let body = [&name, data].concat();
    file.extend(&body);
    file.extend(crc32(&body).to_be_bytes());
}

/// Stored blocks (RFC 1951, 3.2.4) in a zlib stream (RFC 1950).
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

/// CRC-32 of ISO 3309, as PNG wants it.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 0 {
                crc >> 1
            } else {
                (crc >> 1) ^ 0xedb8_8320
            }
        })
    })
}

fn adler32(data: &[u8]) -> u32 {
    const BASE: u32 = 65521;
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = low.wrapping_add(u32::from(*byte)) % BASE;
        (low, high.wrapping_add(low) % BASE)
    });
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn pixels_are_packed() {
        assert_eq!(pack([true, false, true].into_iter()), [0b1011_1111]);
        assert_eq!(pack(core::iter::repeat_n(false, 9)), [0, 0x7f]);
    }

    #[test]
    fn blocks_hold_at_most_65535_bytes() {
        let stream = zlib_stored(&vec![7; 65536]);
        assert_eq!(stream.len(), 2 + 5 + 65535 + 5 + 1 + 4);
        assert_eq!(stream.get(2..7), Some([0, 0xff, 0xff, 0, 0].as_slice()));
        assert_eq!(
            stream.get(7 + 65535..12 + 65535),
            Some([1, 1, 0, 0xfe, 0xff].as_slice())
        );
    }
}

//! Huffman tables and their codes (ITU-T T.81, B.2.4.2 and annex C).

use super::error::require;

#[derive(Debug, Clone, Copy)]
pub(super) struct HuffmanTable<'a> {
    /// The number of codes of each length, from 1 to 16 bits.
    counts: &'a [u8; 16],
    /// The symbols of the codes, the shortest codes first.
    symbols: &'a [u8],
}

impl<'a> HuffmanTable<'a> {
    /// Class, 0 (DC) or 1 (AC), and number of a segment's first table, the table, and the rest.
    pub(super) fn split_off(body: &'a [u8]) -> Result<([usize; 2], Self, &'a [u8]), &'static str> {
        let too_short = "a Huffman table is too short";
        let (&[place, ref counts @ ..], rest) = body.split_first_chunk::<17>().ok_or(too_short)?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or(too_short)?;
        require(total <= 256, "a Huffman table has more than 256 codes")?;
        Ok(([place >> 4, place & 0x0F].map(usize::from), Self { counts, symbols }, rest))
    }

    /// Whether the codes are distinct, none is all ones (T.81, C.2 and K.2), and the symbols of
    /// DC coefficients are numbers of bits (F.1.2.1).
    pub(super) fn is_usable(&self, class: usize) -> bool {
        let mut next_code = 0_u32;
        let is_prefix_code = (1..).zip(self.counts).all(|(length, &count)| {
            next_code = next_code * 2 + u32::from(count);
            count == 0 || next_code < 1 << length
        });
        is_prefix_code && (class > 0 || self.symbols.iter().all(|&symbol| symbol < 16))
    }
}

/// A Huffman table prepared for reading (T.81, F.2.2.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Code<'a> {
    /// Length and symbol of the code that 8 bits begin with; length 0 if it is longer.
    short: [(u8, u8); 256],
    /// For each length: the end of its codes and all shorter ones, as 16 bits from the left, and
    /// the difference between one of its codes and the position of its symbol.
    lengths: [(u16, u16); 16],
    symbols: &'a [u8],
}

impl<'a> Code<'a> {
    pub(super) fn new(table: &HuffmanTable<'a>) -> Self {
        let symbols = table.symbols;
        let mut code = Self { short: [(0, 0); 256], lengths: [(0, 0); 16], symbols };
        let mut short = code.short.iter_mut();
        let (mut next, mut position) = (0_u16, 0_u16);
        for (length, (entry, &count)) in (1_u8..).zip(code.lengths.iter_mut().zip(table.counts)) {
            next = next.wrapping_mul(2);
            let offset = position.wrapping_sub(next);
            if length <= 8 {
                for &symbol in symbols.iter().skip(position.into()).take(count.into()) {
                    short
                        .by_ref()
                        .take(1 << (8 - length))
                        .for_each(|slot| *slot = (length, symbol));
                }
            }
            next = next.wrapping_add(count.into());
            position += u16::from(count);
            *entry = (next << (16 - length), offset);
        }
        code
    }

    /// Length and symbol of the code that bits begin with.
    pub(super) fn find(&self, bits: u64) -> Option<(u8, u8)> {
        let [first, second, ..] = bits.to_be_bytes();
        let (length, symbol) = self.short[usize::from(first)];
        if length > 0 {
            return Some((length, symbol));
        }
        let bits = u16::from_be_bytes([first, second]);
        let (length, (_, offset)) = (1_u8..).zip(self.lengths).find(|(_, (end, _))| bits < *end)?;
        let position = offset.wrapping_add(bits >> (16 - length));
        Some((length, *self.symbols.get(usize::from(position))?))
    }
}

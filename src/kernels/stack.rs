//! A stem and the blocks after it: pictures to features.

use super::block::{Block, Scratch, Source};
use super::depthwise::TILE;
use super::lanes::{Lanes, Work, dispatch};
use super::maps::{Maps, Margin};
use super::stem::{Picture, Stem, StemRows};

/// The convolutions that all networks begin with.
#[derive(Debug)]
pub struct Stack {
    /// The first one.
    pub stem: Stem,
    /// The others.
    pub blocks: Vec<Block>,
}

/// Room for what a [`Stack`] works on, to be used again.
#[derive(Debug, Default)]
pub struct Room {
    ring: Maps,
    stem_panel: Vec<[f32; TILE]>,
    maps: [Maps; 2],
    scratch: Scratch,
}

impl Stack {
    /// The features of `picture`.
    pub fn features<'a>(&self, picture: &Picture, room: &'a mut Room) -> &'a Maps {
        dispatch(Features { stack: self, picture, room: &mut *room });
        // The last of the two that was written.
        &room.maps[self.blocks.len() % 2]
    }
}

struct Features<'a> {
    stack: &'a Stack,
    picture: &'a Picture,
    room: &'a mut Room,
}

impl Work for Features<'_> {
    type Output = ();

    #[inline(always)]
    fn work<L: Lanes>(self, lanes: L) {
        let Features { stack: Stack { stem, blocks }, picture, room } = self;
        let Room { ring, stem_panel, maps, scratch } = room;
        let mut size = stem.output(picture);
        let [mut from, mut to] = maps.each_mut();
        for (index, block) in blocks.iter().enumerate() {
            let [rows, columns] = block.output(size);
            let margin = blocks.get(index + 1).map_or(Margin::default(), |next| next.depthwise.margin(columns));
            let input = match index {
                0 => {
                    let (kept, margin) = (block.kept_rows(size[0]), block.depthwise.margin(size[1]));
                    Source::Stem(StemRows::new(stem, picture, kept, margin, stem_panel, ring))
                }
                _ => Source::Maps(from),
            };
            block.forward(lanes, input, size, to, margin, scratch);
            size = [rows, columns];
            std::mem::swap(&mut from, &mut to);
        }
    }
}
